using Microsoft.Azure.Functions.Worker;
using Plenary.Shared;

namespace Plenary.Nominations;

public sealed class OpenVacancyListener(OpenVacancy openVacancy)
{
    [Function("OpenVacancy")]
    public Task Run([ServiceBusTrigger(Queues.OpenVacancy, Connection = Queues.Connection)] string message, CancellationToken cancellation) =>
        openVacancy.RunAsync(Envelope.Read<VacancyToOpen>(message), cancellation);
}

public sealed class EndVacancyListener(EndVacancy endVacancy)
{
    [Function("EndVacancy")]
    public Task Run([ServiceBusTrigger(Queues.EndVacancy, Connection = Queues.Connection)] string message, CancellationToken cancellation) =>
        endVacancy.RunAsync(Envelope.Read<VacancyDue>(message), cancellation);
}
