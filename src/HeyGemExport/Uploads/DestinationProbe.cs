using System.Security.Cryptography;
using HeyGemExport.Accounts;
using HeyGemExport.Audit;
using HeyGemExport.Exports;
using HeyGemExport.Uploads.Sending;

namespace HeyGemExport.Uploads;

/// <summary>Tries a destination: writes a small object there, reads it back and removes it.</summary>
internal sealed class DestinationProbe(Destinations destinations, AuditTrail audit, TimeProvider time)
{
    private const int ProbeBytes = 1024;

    /// <summary>How long a person who pressed a button is kept waiting.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

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
            using var store = destinations.Open(destination.Name, destination.Bucket);
            var order = new ObjectOrder(new ContentSource("probe", content, Convert.ToHexStringLower(SHA256.HashData(content))), key);

            // Read back in any case: a key that may write and not read would fail the first verification that needs it.
            var settings = new DestinationOptions { Verify = ArrivalProof.Read };
            await new ObjectSender(store, settings, new StorePatience(Patience, time)).SendAsync(
                order, new Progress<long>(), cancellationToken);
            await store.DeleteAsync(key, cancellationToken);
            return null;
        }
        catch (ObjectStoreException fault)
        {
            return fault.Error;
        }
    }
}
