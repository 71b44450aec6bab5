using System.Collections.Immutable;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace HeyGemExport.Tests.Architecture;

/// <summary>One type of the app and what its compiled code names: in its shape and inside its methods.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name; of a nested type, that of the outermost.</param>
/// <param name="Uses">Full names of the types it names, those nested in it included.</param>
public sealed record CompiledType(string Namespace, string Name, IReadOnlySet<string> Uses);

/// <summary>Reads from an assembly's metadata and IL which type uses which.</summary>
public sealed class TypeReferences
{
    // By opcode (ECMA-335, III.1.2.1); those of two bytes begin with 0xFE.
    private static readonly Dictionary<int, OpCode> Codes = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value & 0xffff);

    private readonly MetadataReader metadata;
    private readonly PEReader image;
    private readonly NameProvider names = new();

    private TypeReferences(PEReader image)
    {
        this.image = image;
        metadata = image.GetMetadataReader();
    }

    /// <summary>Every type of an assembly that a person wrote, with what it uses.</summary>
    public static IReadOnlyList<CompiledType> Of(string assemblyPath)
    {
        using var file = new PEReader(ImmutableArray.Create(File.ReadAllBytes(assemblyPath)));
        var reader = new TypeReferences(file);
        return
        [
            .. from handle in reader.metadata.TypeDefinitions
               let outermost = reader.Outermost(handle)
               where reader.metadata.GetString(outermost.Namespace).Length > 0
               group handle by (reader.metadata.GetString(outermost.Namespace), reader.metadata.GetString(outermost.Name)) into type
               select new CompiledType(type.Key.Item1, type.Key.Item2, type.SelectMany(reader.UsesOf).ToHashSet(StringComparer.Ordinal)),
        ];
    }

    private TypeDefinition Outermost(TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        return type.GetDeclaringType() is { IsNil: false } outer ? Outermost(outer) : type;
    }

    private List<string> UsesOf(TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        List<string> uses = [.. Resolve(type.BaseType)];
        foreach (var implemented in type.GetInterfaceImplementations())
        {
            uses.AddRange(Resolve(metadata.GetInterfaceImplementation(implemented).Interface));
        }

        foreach (var field in type.GetFields())
        {
            uses.AddRange(metadata.GetFieldDefinition(field).DecodeSignature(names, genericContext: null));
        }

        foreach (var attribute in type.GetCustomAttributes())
        {
            uses.AddRange(Resolve(metadata.GetCustomAttribute(attribute).Constructor));
        }

        foreach (var method in type.GetMethods())
        {
            uses.AddRange(UsesOf(metadata.GetMethodDefinition(method)));
        }

        return uses;
    }

    private List<string> UsesOf(MethodDefinition method)
    {
        var signature = method.DecodeSignature(names, genericContext: null);
        List<string> uses = [.. signature.ReturnType, .. signature.ParameterTypes.SelectMany(type => type)];
        if (method.RelativeVirtualAddress == 0)
        {
            return uses;
        }

        var body = image.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
        {
            uses.AddRange(
                metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(names, genericContext: null)
                    .SelectMany(type => type));
        }

        uses.AddRange(body.ExceptionRegions.SelectMany(region => Resolve(region.CatchType)));
        uses.AddRange(Tokens(body.GetILReader()).SelectMany(Resolve));
        return uses;
    }

    private static List<EntityHandle> Tokens(BlobReader il)
    {
        List<EntityHandle> tokens = [];
        while (il.RemainingBytes > 0)
        {
            int value = il.ReadByte();
            var code = Codes[value == 0xfe ? 0xfe00 | il.ReadByte() : value];
            switch (code.OperandType)
            {
                case OperandType.InlineField or OperandType.InlineMethod
                    or OperandType.InlineTok or OperandType.InlineType:
                    tokens.Add((EntityHandle)MetadataTokens.Handle(il.ReadInt32()));
                    break;
                case OperandType.InlineSwitch:
                    var targets = il.ReadInt32();
                    il.Offset += targets * sizeof(int);
                    break;
                default:
                    il.Offset += OperandBytes(code.OperandType);
                    break;
            }
        }

        return tokens;
    }

    private static int OperandBytes(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };

    private IEnumerable<string> Resolve(EntityHandle handle) => handle.IsNil ? [] : handle.Kind switch
    {
        HandleKind.TypeReference => names.GetTypeFromReference(metadata, (TypeReferenceHandle)handle, rawTypeKind: 0),
        HandleKind.TypeDefinition => names.GetTypeFromDefinition(metadata, (TypeDefinitionHandle)handle, rawTypeKind: 0),
        HandleKind.TypeSpecification => metadata.GetTypeSpecification(
            (TypeSpecificationHandle)handle).DecodeSignature(names, genericContext: null),
        HandleKind.MemberReference => Resolve(metadata.GetMemberReference((MemberReferenceHandle)handle).Parent),
        HandleKind.MethodDefinition => Resolve(metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType()),
        HandleKind.FieldDefinition => Resolve(metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType()),
        HandleKind.MethodSpecification => Resolve(metadata.GetMethodSpecification((MethodSpecificationHandle)handle)),
        _ => [],
    };

    private IEnumerable<string> Resolve(MethodSpecification method) =>
        [.. Resolve(method.Method), .. method.DecodeSignature(names, genericContext: null).SelectMany(argument => argument)];
}
