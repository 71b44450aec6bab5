using HeyGemExport.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace HeyGemExport.Telemetry;

/// <summary>Sends traces and metrics to an OTLP receiver. The exporter reads every other <c>OTEL_…</c> setting by itself.</summary>
/// <remarks>https://opentelemetry.io/docs/specs/otel/protocol/exporter/</remarks>
internal static class OtlpExport
{
    public const string EndpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(
                configuration["OTEL_SERVICE_NAME"] ?? "heygem-export", serviceVersion: AppVersion.Current))
            .WithTracing(traces => traces
                .AddSource(Tracing.SourceName)
                .AddAspNetCoreInstrumentation(requests =>
                {
                    requests.Filter = context => !RequestLog.IsProbe(context.Request.Path);
                    requests.EnrichWithHttpRequest = (span, request) => span.SetTag("url.path", LoggedPath.Of(request.Path));
                })
                .AddOtlpExporter())
            .WithMetrics(metrics => metrics.AddMeter([.. MetricsCollector.Meters]).AddOtlpExporter());
        services.AddHostedService<GaugeRefresh>();
    }

    /// <summary>Refreshes the gauges that need the database, which the exporter cannot await as a scrape of <c>/metrics</c> does.</summary>
    private sealed class GaugeRefresh(OpsGauges gauges, IConfiguration configuration, TimeProvider time) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            var isSet = int.TryParse(configuration["OTEL_METRIC_EXPORT_INTERVAL"], CultureInfo.InvariantCulture, out var interval);
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(isSet && interval > 0 ? interval : 60_000), time);
            do
            {
                await gauges.RefreshAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
    }
}
