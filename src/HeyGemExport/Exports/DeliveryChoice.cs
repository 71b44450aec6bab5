using HeyGemExport.Accounts;

namespace HeyGemExport.Exports;

/// <summary>What of an export is sent.</summary>
public enum DeliveredContent
{
    /// <summary>The archive, all its parts.</summary>
    Archive,

    /// <summary>The videos, each as an object of its own.</summary>
    Videos,
}

/// <summary>Where an export goes when it is ready.</summary>
/// <param name="Destination">A destination that ops configured.</param>
/// <param name="What">What is sent.</param>
/// <param name="DropLocal">Whether the archive here is removed afterwards; null for what the destination says.</param>
/// <param name="Prefix">Put after the destination's own prefix; null for none.</param>
public sealed record DeliveryChoice(string Destination, DeliveredContent What = DeliveredContent.Archive, bool? DropLocal = null, string? Prefix = null);

/// <summary>Sends exports on. Exports know no more of it than this.</summary>
public interface IExportDelivery
{
    /// <summary>Why nothing could be sent that way, or null. Asks no store.</summary>
    ExportError? Refuse(DeliveryChoice choice);

    /// <summary>Has an export sent as soon as it is ready.</summary>
    Task SendAsync(string exportId, DeliveryChoice choice, Caller caller, CancellationToken cancellationToken);
}
