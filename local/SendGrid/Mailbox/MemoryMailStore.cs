namespace Plenary.Local;

/// <summary>Until the process ends; for tests and for a host without storage.</summary>
internal sealed class MemoryMailStore : IMailStore
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, KeptMail> mails = new(StringComparer.Ordinal);
    private byte[]? key;

    public Task AddAsync(KeptMail mail, CancellationToken cancellation)
    {
        lock (gate)
        {
            mails.Add(mail.Id, mail);
        }

        return Task.CompletedTask;
    }

    public Task<KeptMail?> FindAsync(string id, CancellationToken cancellation)
    {
        lock (gate)
        {
            return Task.FromResult(mails.GetValueOrDefault(id));
        }
    }

    public Task<MailPage> ListAsync(MailQuery query, CancellationToken cancellation)
    {
        KeptMail[] found;
        lock (gate)
        {
            found =
            [
                .. mails.Values
                    .Where(mail => string.IsNullOrEmpty(query.To) || mail.Recipients.Any(to => to.Email.Contains(query.To, StringComparison.OrdinalIgnoreCase)))
                    .Where(mail => string.IsNullOrEmpty(query.Kind) || mail.Kind == query.Kind)
                    .Where(mail => query.Since is null || mail.ReceivedAt >= query.Since)
                    .Skip((query.Page - 1) * query.Size)
                    .Take(query.Size + 1),
            ];
        }

        return Task.FromResult(new MailPage([.. found.Take(query.Size)], query.Page, found.Length > query.Size));
    }

    public Task<IReadOnlyDictionary<string, int>> CountByKindAsync(CancellationToken cancellation)
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlyDictionary<string, int>>(
                mails.Values.GroupBy(mail => mail.Kind).OrderBy(kind => kind.Key, StringComparer.Ordinal).ToDictionary(kind => kind.Key, kind => kind.Count()));
        }
    }

    public Task RecordAsync(string id, PostedEvent posted, string? state, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (mails.TryGetValue(id, out KeptMail? mail))
            {
                mails[id] = mail with { State = state ?? mail.State, Events = [.. mail.Events, posted] };
            }
        }

        return Task.CompletedTask;
    }

    public Task ClearAsync(CancellationToken cancellation)
    {
        lock (gate)
        {
            mails.Clear();
        }

        return Task.CompletedTask;
    }

    public Task<byte[]> KeepKeyAsync(byte[] fresh, CancellationToken cancellation)
    {
        lock (gate)
        {
            return Task.FromResult(key ??= fresh);
        }
    }
}
