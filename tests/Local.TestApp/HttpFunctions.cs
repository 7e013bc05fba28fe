using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Net.Http.Headers;

namespace Plenary.Local.TestApp;

public sealed class HttpFunctions(Piece piece, Seen seen)
{
    [Function("Home")]
    public IResult Home([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "{home:maxlength(0)?}")] HttpRequest request) =>
        Results.Text($"home {request.Path}");

    [Function("Item")]
    public async Task<IResult> Item(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "items/{id:int}/{name}")] HttpRequest request,
        int id,
        string name,
        FunctionContext context,
        CancellationToken cancellation)
    {
        await Task.Yield();
        return Results.Text(string.Create(
            CultureInfo.InvariantCulture,
            $"{request.Method} {id} {name} {context.FunctionDefinition.Name} {context.BindingContext.BindingData["name"]} {cancellation.CanBeCanceled}"));
    }

    [Function("Record")]
    public IResult Record([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "records/{key}")] HttpRequest request, Guid key) =>
        Results.Text($"{request.Method} {key:N}");

    [Function("Rest")]
    public IActionResult Rest([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "rest/{**rest}")] HttpRequest request, string? rest) =>
        new ContentResult { Content = $"rest {rest} {request.QueryString}", StatusCode = StatusCodes.Status202Accepted };

    [Function("Page")]
    public RazorComponentResult<Greeting> Page(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "page/{text}")] HttpRequest request, string text) =>
        new(new { Text = text });

    [Function("Fail")]
    public Task<IResult> Fail([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "fail/{how}")] HttpRequest request, string how)
    {
        request.HttpContext.Response.Headers["X-Early"] = "set before the failure";
        throw how == "known" ? new NotSupportedException("known") : new InvalidOperationException("secret detail");
    }

    [Function("Shout")]
    public string Shout([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "shout")] HttpRequest request) => "quiet";

    [Function("Nothing")]
    public Task Nothing([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "nothing")] HttpRequest request) => Task.CompletedTask;

    [Function("Headers")]
    public IResult Headers([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "headers")] HttpRequest request) =>
        Results.Json(request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));

    [Function("Upload")]
    public async Task<IResult> Upload(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "upload")] HttpRequest request, CancellationToken cancellation)
    {
        IFormCollection form = await request.ReadFormAsync(cancellation);
        return Results.Text(form.Files[0].Length.ToString(CultureInfo.InvariantCulture));
    }

    [Function("Tagged")]
    public IResult Tagged([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "tagged")] HttpRequest request) =>
        TypedResults.Bytes(Encoding.UTF8.GetBytes("body"), "text/plain", entityTag: new EntityTagHeaderValue("\"one\""));

    [Function("Locked")]
    public IResult Locked([HttpTrigger(AuthorizationLevel.Function, "get", Route = "locked")] HttpRequest request) => Results.Text("open");

    [Function("AdminOnly")]
    public IResult AdminOnly([HttpTrigger(AuthorizationLevel.Admin, "get", Route = "admin-only")] HttpRequest request) => Results.Text("open");

    [Function("Scope")]
    public IResult Scope([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "scope")] HttpRequest request) => Results.Text(piece.Id.ToString());

    [Function("Wait")]
    public async Task<IResult> Wait(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "wait")] HttpRequest request, CancellationToken cancellation)
    {
        seen.Note("waiting");
        try
        {
            await seen.Gate.Task.WaitAsync(cancellation);
            return Results.Text("waited");
        }
        catch (OperationCanceledException)
        {
            seen.Note("cancelled");
            throw;
        }
    }
}
