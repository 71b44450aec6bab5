using HeyGemExport.Library;
using HeyGemExport.Library.Tags;
using Microsoft.Extensions.Localization;

namespace HeyGemExport.Tagging;

/// <summary>Registers the giving and taking of tags.</summary>
public static class TaggingRegistration
{
    /// <summary>The most names that a text lists.</summary>
    private const int NamesInText = 5;

    /// <summary>Adds the editor of tags.</summary>
    public static IServiceCollection AddTagging(this IServiceCollection services) => services.AddSingleton<TagEditor>();

    /// <summary>Maps the API of tags.</summary>
    public static IEndpointRouteBuilder MapTagging(this IEndpointRouteBuilder app)
    {
        TagEndpoints.Map(app);
        return app;
    }

    /// <summary>A refusal in plain words, in the language of the request.</summary>
    public static string Describe(this IStringLocalizer<LibraryTexts> texts, TagEditResult.Refused refused)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(refused);
        var names = string.Join(", ", refused.Names.Take(NamesInText)) + (refused.Names.Count > NamesInText ? " …" : "");
        return texts[$"TagEdit.{refused.Code}", names, TagName.MaxLength, TagName.MaxPerItem, TagEdit.MaxItems];
    }
}
