using System.CommandLine;
using Plenary.Replay;

Option<int> port = new("--port") { Description = "Where the app listens.", DefaultValueFactory = _ => 7071 };
Command serve = new("serve", "Starts Plenary with the example project and stays until Ctrl+C; goes on with what it stored before.") { port };
serve.SetAction((parsed, cancellation) => Serving.RunAsync(parsed.GetValue(port), cancellation));

Command replay = new("replay", "Plays the example project's whole life on a moved clock and compares every figure; ends with 1 if any disagrees.");
replay.SetAction((_, cancellation) => Replaying.RunAsync(cancellation));

RootCommand root = new("Runs Plenary on this machine.") { serve, replay };

// Serving ends the app and the store one after the other, which may take longer than the usual two seconds.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(20) });
