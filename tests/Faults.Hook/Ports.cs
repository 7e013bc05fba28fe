using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Plenary.Infra.Blobs;
using Plenary.Infra.Bus;
using Plenary.Infra.Mail;
using Plenary.Infra.Tables;
using Plenary.Support;

namespace Plenary.Faults.Hook;

/// <summary>Puts a <see cref="ProcessGate"/> around the stores, the bus and the mail provider of whatever host is built in this process.</summary>
internal static class Ports
{
    public static void Watch() => DiagnosticListener.AllListeners.Subscribe(new Listeners());

    private static void Surround(IServiceCollection services)
    {
        ProcessGate gate = new(Environment.GetEnvironmentVariable(CrashOrder.Setting) ?? throw new InvalidOperationException($"Set {CrashOrder.Setting}."));
        Surround<ITables>(services, gate.Around);
        Surround<IBlobs>(services, gate.Around);
        Surround<IBus>(services, gate.Around);
        Surround<IMailProvider>(services, gate.Around);
    }

    private static void Surround<T>(IServiceCollection services, Func<T, T> around)
        where T : class
    {
        for (int place = 0; place < services.Count; place++)
        {
            ServiceDescriptor inner = services[place];
            if (inner.ServiceType == typeof(T))
            {
                services[place] = ServiceDescriptor.Describe(typeof(T), provider => around(Make<T>(provider, inner)), inner.Lifetime);
            }
        }
    }

    private static T Make<T>(IServiceProvider provider, ServiceDescriptor inner) => (T)(
        inner.ImplementationInstance ??
        inner.ImplementationFactory?.Invoke(provider) ??
        ActivatorUtilities.CreateInstance(provider, inner.ImplementationType ?? throw new InvalidOperationException($"{typeof(T)} is registered without an implementation.")));

    /// <summary>The framework tells of a host being built through a listener of this name, as it does to its own test server.</summary>
    private sealed class Listeners : IObserver<DiagnosticListener>
    {
        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.Extensions.Hosting")
            {
                value.Subscribe(new Building());
            }
        }
    }

    private sealed class Building : IObserver<KeyValuePair<string, object?>>
    {
        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value is { Key: "HostBuilding", Value: IHostBuilder builder })
            {
                builder.ConfigureServices((_, services) => Surround(services));
            }
        }
    }
}
