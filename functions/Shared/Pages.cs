using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Plenary.Shared;

/// <summary>
/// Renders a page whole before its first byte leaves, so that a fault while rendering becomes an error page and not a blank one.
/// </summary>
public sealed class Pages(IServiceProvider services, ILoggerFactory loggers)
{
    /// <summary>A page component has one parameter, <c>Model</c>.</summary>
    public async Task<IResult> ShowAsync<TPage, TModel>(TModel model, int status = 200)
        where TPage : IComponent =>
        Results.Text(await RenderAsync<TPage, TModel>(model), "text/html; charset=utf-8", Encoding.UTF8, status);

    /// <summary>A component as HTML: for sections of pages that other slices own.</summary>
    public async Task<string> RenderAsync<TPage, TModel>(TModel model)
        where TPage : IComponent
    {
        await using HtmlRenderer renderer = new(services, loggers);
        ParameterView parameters = ParameterView.FromDictionary(new Dictionary<string, object?> { ["Model"] = model });
        return await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<TPage>(parameters)).ToHtmlString());
    }
}
