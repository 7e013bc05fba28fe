using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Plenary.Access;

namespace Plenary.Shared;

/// <summary>
/// Behind every other route: an address that nothing answers gets words instead of an empty page, as does one that only takes a form
/// and was reloaded.
/// </summary>
public sealed class ShowNothingEndpoint(Answers answers)
{
    [Function("ShowNothing")]
    [OpenTo(Audience.Public)]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "{*path}")] HttpRequest request) => answers.NotFoundAsync(request);
}
