namespace Plenary.Shared;

/// <summary>Names of the queues. Operations and Bicep know them; never renamed.</summary>
public static class Queues
{
    public const string RelayOutbox = Infra.Outbox.OutboxNames.RelayQueue;
    public const string OpenDesk = "open-desk";
    public const string HandOverDesks = "hand-over-desks";
    public const string SettleDocument = "settle-document";
    public const string CloseNominations = "close-nominations";
    public const string SendReminder = "send-reminder";
    public const string SendMail = "send-mail";
    public const string IndexPeople = "index-people";
    public const string MakeOffers = "make-offers";
    public const string ExpireOffer = "expire-offer";
    public const string PromoteAlternate = "promote-alternate";
    public const string TellParticipants = "tell-participants";
    public const string OpenVacancy = "open-vacancy";
    public const string EndVacancy = "end-vacancy";
    public const string FillPlace = "fill-place";
    public const string OpenSurvey = "open-survey";
    public const string CloseSurvey = "close-survey";

    /// <summary>The setting that names the connection, for triggers.</summary>
    public const string Connection = "ServiceBus";

    public static IReadOnlyList<string> All { get; } =
        [
            RelayOutbox, OpenDesk, HandOverDesks, SettleDocument, CloseNominations, SendReminder, SendMail, IndexPeople, MakeOffers, ExpireOffer, PromoteAlternate, TellParticipants,
            OpenVacancy, EndVacancy, FillPlace, OpenSurvey, CloseSurvey,
        ];
}
