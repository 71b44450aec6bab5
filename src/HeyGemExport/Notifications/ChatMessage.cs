namespace HeyGemExport.Notifications;

/// <param name="Link">A page, and what its link says; null without one.</param>
internal sealed record ChatMessage(string Title, IReadOnlyList<string> Lines, (string Text, string Url)? Link);
