using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Plenary.Access;
using Plenary.Agenda;
using Plenary.Attendance;
using Plenary.Closing;
using Plenary.Infra;
using Plenary.Mail;
using Plenary.Nominations;
using Plenary.Notifications;
using Plenary.Publishing;
using Plenary.Selection;
using Plenary.Shared;
using Plenary.Shared.Telemetry;
using Plenary.Surveys;

FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<TraceMiddleware>();
builder.UseMiddleware<FrontMiddleware>();

#pragma warning disable RS0030 // The one place that names the system clock.
builder.Services.TryAddSingleton(TimeProvider.System);
#pragma warning restore RS0030
builder.Services.AddInfra();
builder.Services.AddShared();
builder.Services.AddAccess();
builder.Services.AddAgenda();
builder.Services.AddMail();
builder.Services.AddNotifications();
builder.Services.AddNominations();
builder.Services.AddClosing();
builder.Services.AddSelection();
builder.Services.AddAttendance();
builder.Services.AddSurveys();
builder.Services.AddPublishing();

await builder.Build().RunAsync();
