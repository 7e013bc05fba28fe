namespace Plenary.Local;

/// <summary>What the host's own few pages look like.</summary>
internal static class LocalPage
{
    public const string Style =
        "body{font:1rem/1.5 system-ui,sans-serif;margin:2rem;color:#0b0c0c;background:#fff}main{max-width:40rem}" +
        "label{display:block}input{font:inherit;padding:.3rem}button{font:inherit;padding:.4rem 1rem;margin:.2rem}";
}
