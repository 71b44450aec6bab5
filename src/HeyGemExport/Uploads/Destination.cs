namespace HeyGemExport.Uploads;

/// <summary>A place that archives and videos can be sent to, as people see it. Holds no secret.</summary>
/// <param name="Prefix">What every key begins with; may be empty.</param>
/// <param name="DropLocalAfterDelivery">Whether the archive here is removed afterwards unless the person says otherwise.</param>
internal sealed record Destination(string Name, string Host, string Bucket, string Prefix, bool DropLocalAfterDelivery)
{
    public string Address => ObjectKey.Address(Bucket, Prefix);

    public static Destination Of(string name, DestinationOptions options) => new(
        name,
        options.Endpoint is { Length: > 0 } endpoint ? new Uri(endpoint).Authority : $"s3.{options.Region}.amazonaws.com",
        options.Bucket,
        options.Prefix.Trim('/'),
        options.DropLocalAfterDelivery);
}

internal sealed class Destinations(IOptions<ObjectStorageOptions> options, TimeProvider time)
{
    public IReadOnlyList<Destination> All { get; } =
    [
        .. options.Value.Destinations.OrderBy(destination => destination.Key, StringComparer.OrdinalIgnoreCase)
            .Select(destination => Destination.Of(destination.Key, destination.Value)),
    ];

    /// <summary>The destination of that name in whatever case, or null.</summary>
    public Destination? Find(string name) =>
        All.FirstOrDefault(destination => string.Equals(destination.Name, name, StringComparison.OrdinalIgnoreCase));

    internal DestinationOptions SettingsOf(string name) => options.Value.Destinations[name];

    /// <summary>A connection to a bucket of the destination's store, with the secrets as they are now.</summary>
    /// <param name="giveUpAfter">For how long a request is repeated; null for as long as is configured.</param>
    internal ObjectStore Open(
        string name, string bucket, TimeSpan? giveUpAfter = null, Action<ObjectStoreException>? onRetry = null) =>
        new(SettingsOf(name), bucket, time, giveUpAfter ?? TimeSpan.FromSeconds(options.Value.GiveUpAfterSeconds), onRetry);
}
