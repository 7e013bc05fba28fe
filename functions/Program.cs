using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Plenary;
using Plenary.Shared;
using Plenary.Shared.Telemetry;

FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<TraceMiddleware>();
builder.UseMiddleware<FrontMiddleware>();
builder.Services.AddPlenary();

await builder.Build().RunAsync();
