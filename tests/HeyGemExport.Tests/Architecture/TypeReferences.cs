using System.Collections.Immutable;
using System.Reflection.Metadata;
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
    // Operand sizes by opcode (ECMA-335, III); what is not named has none. 4-byte tokens are what is looked for.
    private static readonly Dictionary<int, System.Reflection.Emit.OpCode> OpCodes = typeof(System.Reflection.Emit.OpCodes).GetFields()
        .Select(field => (System.Reflection.Emit.OpCode)field.GetValue(null)!)
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
        using var image = new PEReader(ImmutableArray.Create(File.ReadAllBytes(assemblyPath)));
        var reader = new TypeReferences(image);
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

    private IEnumerable<string> UsesOf(TypeDefinitionHandle handle)
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

    private IEnumerable<string> UsesOf(MethodDefinition method)
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
            uses.AddRange(metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(names, genericContext: null).SelectMany(type => type));
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
            var code = OpCodes[value == 0xfe ? 0xfe00 | il.ReadByte() : value];
            switch (code.OperandType)
            {
                case System.Reflection.Emit.OperandType.InlineField or System.Reflection.Emit.OperandType.InlineMethod
                    or System.Reflection.Emit.OperandType.InlineTok or System.Reflection.Emit.OperandType.InlineType:
                    tokens.Add((EntityHandle)MetadataHandle(il.ReadInt32()));
                    break;
                case System.Reflection.Emit.OperandType.InlineSwitch:
                    il.Offset += il.ReadInt32() * sizeof(int);
                    break;
                default:
                    il.Offset += OperandBytes(code.OperandType);
                    break;
            }
        }

        return tokens;
    }

    private static Handle MetadataHandle(int token) => System.Reflection.Metadata.Ecma335.MetadataTokens.Handle(token);

    private static int OperandBytes(System.Reflection.Emit.OperandType operand) => operand switch
    {
        System.Reflection.Emit.OperandType.InlineNone => 0,
        System.Reflection.Emit.OperandType.ShortInlineBrTarget or System.Reflection.Emit.OperandType.ShortInlineI or System.Reflection.Emit.OperandType.ShortInlineVar => 1,
        System.Reflection.Emit.OperandType.InlineVar => 2,
        System.Reflection.Emit.OperandType.InlineI8 or System.Reflection.Emit.OperandType.InlineR => 8,
        _ => 4,
    };

    private IEnumerable<string> Resolve(EntityHandle handle) => handle.IsNil ? [] : handle.Kind switch
    {
        HandleKind.TypeReference => names.GetTypeFromReference(metadata, (TypeReferenceHandle)handle, rawTypeKind: 0),
        HandleKind.TypeDefinition => names.GetTypeFromDefinition(metadata, (TypeDefinitionHandle)handle, rawTypeKind: 0),
        HandleKind.TypeSpecification => metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(names, genericContext: null),
        HandleKind.MemberReference => Resolve(metadata.GetMemberReference((MemberReferenceHandle)handle).Parent),
        HandleKind.MethodDefinition => Resolve(metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType()),
        HandleKind.FieldDefinition => Resolve(metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType()),
        HandleKind.MethodSpecification => Resolve(metadata.GetMethodSpecification((MethodSpecificationHandle)handle)),
        _ => [],
    };

    private IEnumerable<string> Resolve(MethodSpecification method) =>
        [.. Resolve(method.Method), .. method.DecodeSignature(names, genericContext: null).SelectMany(argument => argument)];
}
