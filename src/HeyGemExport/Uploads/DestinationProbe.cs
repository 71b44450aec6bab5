using System.Security.Cryptography;
using HeyGemExport.Accounts;
using HeyGemExport.Audit;
using HeyGemExport.Exports;
using HeyGemExport.Uploads.Sending;

namespace HeyGemExport.Uploads;

/// <summary>Tries a destination: writes a small object there, reads it back and removes it.</summary>
internal sealed class DestinationProbe(Destinations destinations, AuditTrail audit)
{
    private const int ProbeBytes = 1024;

    /// <summary>How long a person who pressed a button is kept waiting.</summary>
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(5);

    public async Task<ExportError?> TryAsync(Destination destination, Caller caller, CancellationToken cancellationToken)
    {
        var error = await ProbeAsync(destination, cancellationToken);
        await audit.RecordAsync(
            AuditActions.DestinationTested, caller, cancellationToken,
            outcome: error is null ? "ok" : "failed",
            detail: error is null ? destination.Name : $"{destination.Name}: {error.Code}");
        return error;
    }

    private async Task<ExportError?> ProbeAsync(Destination destination, CancellationToken cancellationToken)
    {
        var content = RandomNumberGenerator.GetBytes(ProbeBytes);
        var key = ObjectKey.Join(destination.Prefix, $"heygem-export-probe-{RandomNumberGenerator.GetHexString(12, lowercase: true)}");
        try
        {
            using var store = destinations.Open(destination.Name, destination.Bucket, GiveUpAfter);

            // Read back in any case: a key that may write and not read would fail the first verification that needs it.
            await new ObjectSender(store, new DestinationOptions { Verify = ArrivalVerification.Read }).SendAsync(
                new ObjectOrder(ObjectSource.Content("probe", content), key), new Progress<long>(), cancellationToken);
            await store.DeleteAsync(key, cancellationToken);
            return null;
        }
        catch (ObjectStoreException fault)
        {
            return fault.Error;
        }
    }
}
