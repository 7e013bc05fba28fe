using Plenary.Domain;

namespace Plenary.Notifications;

/// <summary>Kinds of revision as people read them.</summary>
public static class RevisionWords
{
    public static string Of(RevisionKind kind) => kind switch
    {
        RevisionKind.Postponed => "Postponed",
        RevisionKind.BroughtForward => "Brought forward",
        RevisionKind.SessionsChanged => "Sessions changed",
        RevisionKind.ModalityChanged => "Modality changed",
        RevisionKind.VenueChanged => "Venue changed",
        RevisionKind.ClosingMoved => "Closing moved",
        _ => "Cancelled",
    };
}
