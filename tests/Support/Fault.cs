using System.Text.RegularExpressions;

namespace Plenary.Support;

/// <summary>What becomes of one request that meets a <see cref="FaultRule"/>.</summary>
public enum FaultMode
{
    /// <summary>Answered with <see cref="FaultRule.Status"/>; the store never sees it. 409 and 412 are lies about a conflict, 503 a busy server.</summary>
    FailBefore,

    /// <summary>The line breaks before the store sees it.</summary>
    DropBefore,

    /// <summary>The store does it, then the line breaks.</summary>
    CommitThenDrop,

    /// <summary>The store does it, then <see cref="FaultRule.Status"/> is answered all the same.</summary>
    CommitThenFail,

    /// <summary>Waits for <see cref="FaultRule.Delay"/> before the store sees it.</summary>
    Delay,

    /// <summary>A query is answered with no row and a token that leads to where it stood.</summary>
    EmptyPage,

    /// <summary>A query gets pages of at most <see cref="FaultRule.PageSize"/> rows.</summary>
    ShortPage,

    /// <summary>The store gets it twice; its second answer is the one that arrives.</summary>
    Duplicate,

    /// <summary>The <see cref="FaultRule.Share"/> of a request's body reaches the store, then both lines break.</summary>
    DropWithin,
}

/// <summary>A request as rules look at it.</summary>
/// <param name="Target">Path and query.</param>
public sealed record ProxiedRequest(string Method, string Target, string Body)
{
    /// <summary>Writes to tables and blobs, and mails: whatever changes something.</summary>
    public bool IsWrite => Method is not ("GET" or "HEAD");

    /// <summary>A listing of rows, not a point read.</summary>
    public bool IsQuery => Method == "GET" && Target.Contains("()", StringComparison.Ordinal);
}

/// <summary>
/// Which requests meet which fault. The first rule that takes a request decides; <see cref="Skip"/> and <see cref="Times"/> count
/// the requests that match <see cref="Where"/>.
/// </summary>
/// <param name="Mode">What happens.</param>
public sealed record FaultRule(FaultMode Mode)
{
    /// <summary>All requests, unless told otherwise.</summary>
    public Func<ProxiedRequest, bool> Where { get; init; } = _ => true;

    /// <summary>So many matching requests pass before the first one that does not.</summary>
    public int Skip { get; init; }

    /// <summary>So many meet the fault; then the rule is spent.</summary>
    public int Times { get; init; } = int.MaxValue;

    /// <summary>0 to 1: by the proxy's seed.</summary>
    public double Chance { get; init; } = 1;

    public int Status { get; init; } = 500;

    public TimeSpan Delay { get; init; }

    public int PageSize { get; init; } = 1;

    /// <summary>0 to 1, never quite all of it.</summary>
    public double Share { get; init; } = 0.5;

    /// <summary>Headers of the answer, such as <c>Retry-After</c>.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Only requests of this method whose path and query match.</summary>
    /// <param name="target">A regular expression.</param>
    public FaultRule On(string method, string target = "") =>
        this with { Where = request => request.Method == method && Regex.IsMatch(request.Target, target) };

    /// <summary>Only requests that change something.</summary>
    public FaultRule OnWrites(string target = "") =>
        this with { Where = request => request.IsWrite && Regex.IsMatch(request.Target, target) };

    /// <summary>Only listings of rows.</summary>
    public FaultRule OnQueries(string target = "") =>
        this with { Where = request => request.IsQuery && Regex.IsMatch(request.Target, target) };
}
