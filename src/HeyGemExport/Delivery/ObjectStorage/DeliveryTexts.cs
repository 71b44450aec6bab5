namespace HeyGemExport.Delivery.ObjectStorage;

/// <summary>Marks the texts of deliveries.</summary>
public sealed class DeliveryTexts;
