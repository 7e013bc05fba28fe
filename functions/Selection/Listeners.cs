using Microsoft.Azure.Functions.Worker;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Selection;

public sealed class SelectionApprovedListener(MakeOffers makeOffers)
{
    [Function("MakeOffers")]
    public Task Run([ServiceBusTrigger(Queues.MakeOffers, Connection = Queues.Connection)] string message, CancellationToken cancellation) =>
        makeOffers.RunAsync(Envelope.Read<SelectionApproved>(message), cancellation);
}

public sealed class OfferDueListener(ExpireOffer expireOffer)
{
    [Function("ExpireOffer")]
    public Task Run([ServiceBusTrigger(Queues.ExpireOffer, Connection = Queues.Connection)] string message, CancellationToken cancellation) =>
        expireOffer.RunAsync(Envelope.Read<OfferDue>(message), cancellation);
}

public sealed class PlaceFreedListener(PromoteAlternate promoteAlternate)
{
    [Function("PromoteAlternate")]
    public Task Run([ServiceBusTrigger(Queues.PromoteAlternate, Connection = Queues.Connection)] string message, CancellationToken cancellation) =>
        promoteAlternate.RunAsync(Envelope.Read<PlaceFreed>(message), cancellation);
}

public sealed class ProjectRevisedListener(TellParticipants tellParticipants)
{
    [Function("TellParticipants")]
    public Task Run([ServiceBusTrigger(Queues.TellParticipants, Connection = Queues.Connection)] string message, CancellationToken cancellation) =>
        tellParticipants.RunAsync(Envelope.Read<ProjectRevised>(message), cancellation);
}

public sealed class PlaceToFillListener(FillPlace fillPlace)
{
    [Function("FillPlace")]
    public Task Run([ServiceBusTrigger(Queues.FillPlace, Connection = Queues.Connection)] string message, CancellationToken cancellation) =>
        fillPlace.RunAsync(Envelope.Read<PlaceToFill>(message), cancellation);
}
