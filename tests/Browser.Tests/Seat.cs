using Microsoft.Playwright;

namespace Plenary.Browser.Tests;

/// <summary>Somebody in front of a page: goes, types, chooses, presses, and waits for what comes.</summary>
public sealed class Seat(IPage page, Visits? visits = null)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public IPage Page { get; } = page;

    public string Path => new Uri(Page.Url).AbsolutePath;

    public async Task<Seat> GoAsync(string address)
    {
        await Page.GotoAsync(address);
        return this;
    }

    public async Task<Seat> TypeAsync(string id, string text)
    {
        await Page.Locator($"[id=\"{id}\"]").FillAsync(text);
        return this;
    }

    public async Task<Seat> ChooseAsync(string name, string value)
    {
        await Page.Locator($"input[name=\"{name}\"][value=\"{value}\"]").CheckAsync();
        return this;
    }

    /// <summary>From a list that drops down.</summary>
    public async Task<Seat> PickAsync(string id, string value)
    {
        await Page.Locator($"select[id=\"{id}\"]").SelectOptionAsync(value);
        return this;
    }

    public async Task<Seat> AttachAsync(string id, string fileName, string type, byte[] content)
    {
        await Page.Locator($"[id=\"{id}\"]").SetInputFilesAsync(new FilePayload { Name = fileName, MimeType = type, Buffer = content });
        return this;
    }

    /// <summary>Presses the first button that says so.</summary>
    public Task<Seat> PressAsync(string words) => ThenWaitAsync(() => Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = words }).First.ClickAsync());

    public Task<Seat> FollowAsync(string words) => ThenWaitAsync(() => Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = words }).First.ClickAsync());

    /// <summary>Does something that leads to another page, and waits until that has loaded.</summary>
    public async Task<Seat> ThenWaitAsync(Func<Task> act)
    {
        ArgumentNullException.ThrowIfNull(act);
        TaskCompletionSource loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
        void Loaded(object? sender, IPage page) => loaded.TrySetResult();
        Page.Load += Loaded;
        try
        {
            await act();
            await loaded.Task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Nothing came after {Page.Url}.");
        }
        finally
        {
            Page.Load -= Loaded;
        }

        return this;
    }

    /// <summary>Puts the page on record under this name.</summary>
    public async Task<Seat> LookAsync(string name)
    {
        if (visits is not null)
        {
            await visits.LookAsync(Page, name);
        }

        return this;
    }

    /// <summary>What a reader sees.</summary>
    public Task<string> ReadAsync() => Page.Locator("body").InnerTextAsync();
}

public static class SeatExtensions
{
    // So that a walk reads as one sentence a line.
    public static async Task<Seat> GoAsync(this Task<Seat> seat, string address) => await (await seat).GoAsync(address);

    public static async Task<Seat> TypeAsync(this Task<Seat> seat, string id, string text) => await (await seat).TypeAsync(id, text);

    public static async Task<Seat> ChooseAsync(this Task<Seat> seat, string name, string value) => await (await seat).ChooseAsync(name, value);

    public static async Task<Seat> AttachAsync(this Task<Seat> seat, string id, string fileName, string type, byte[] content) =>
        await (await seat).AttachAsync(id, fileName, type, content);

    public static async Task<Seat> PressAsync(this Task<Seat> seat, string words) => await (await seat).PressAsync(words);

    public static async Task<Seat> FollowAsync(this Task<Seat> seat, string words) => await (await seat).FollowAsync(words);

    public static async Task<Seat> LookAsync(this Task<Seat> seat, string name) => await (await seat).LookAsync(name);
}
