namespace Plenary.Access;

/// <summary>The clean address behind each kind of link. Doors of the slices carry the same routes.</summary>
public static class LinkPaths
{
    public static string PathOf(Link link)
    {
        ArgumentNullException.ThrowIfNull(link);
        return link.Purpose switch
        {
            LinkPurpose.Desk => $"/desk/{link.Project}/{link.Subject}",
            LinkPurpose.Offer => $"/offers/{link.Project}/{link.Subject}",
            LinkPurpose.Draft => $"/drafts/{link.Project}/{link.Subject}",
            LinkPurpose.Survey => $"/surveys/{link.Project}/{link.Subject}",
            LinkPurpose.Endorsement => $"/endorsements/{link.Project}/{link.Subject}",
            LinkPurpose.Review => $"/reviews/{link.Project}/{link.Subject}",
            _ => throw new InvalidOperationException($"Unknown purpose {link.Purpose}."),
        };
    }
}
