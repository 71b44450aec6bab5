using System.Net;
using System.Text.RegularExpressions;
using HeyGemExport.Hosting;
using k8s;
using k8s.Models;

namespace HeyGemExport.Tests.Nodes;

/// <summary>The example in <c>deploy/kubernetes</c>.</summary>
public sealed partial class KubernetesTests
{
    private static readonly string Repository = Path.GetFullPath(Path.Combine(SourceTree.Docs, ".."));

    // Strict: a field that Kubernetes does not know throws.
    private static readonly IReadOnlyList<object> Objects =
    [
        .. Directory.GetFiles(Path.Combine(Repository, "deploy", "kubernetes"), "*.yaml")
            .SelectMany(file => KubernetesYaml.LoadAllFromString(File.ReadAllText(file), strict: true)),
    ];

    private static IReadOnlyList<V1Deployment> Deployments => [.. Objects.OfType<V1Deployment>()];

    [Fact]
    public void It_has_web_and_worker_nodes_shared_folders_and_budgets()
    {
        Assert.Equal(["web", "worker"], Deployments.Select(Role).Order(StringComparer.Ordinal));
        Assert.All(Deployments, deployment => Assert.True(deployment.Spec.Replicas > 1));
        Assert.All(
            Objects.OfType<V1PersistentVolumeClaim>(), claim => Assert.Equal(["ReadWriteMany"], claim.Spec.AccessModes));
        Assert.Equal(Deployments.Count, Objects.OfType<V1PodDisruptionBudget>().Count());
    }

    [Fact]
    public void Budgets_and_the_service_select_pods_that_there_are()
    {
        var selectors = Objects.OfType<V1PodDisruptionBudget>().Select(budget => budget.Spec.Selector.MatchLabels)
            .Concat(Objects.OfType<V1Service>().Select(service => service.Spec.Selector))
            .Concat(Deployments.Select(deployment => deployment.Spec.Selector.MatchLabels));

        Assert.All(
            selectors,
            selector => Assert.Single(
                Deployments, deployment => selector.All(label => deployment.Spec.Template.Metadata.Labels.Contains(label))));
        Assert.All(
            Objects.OfType<V1Service>().SelectMany(service => service.Spec.Ports), port => Assert.Equal("http", port.TargetPort.Value));
    }

    [Fact]
    public void Every_setting_is_one_of_the_app()
    {
        var known = typeof(NodeOptions).Assembly.GetTypes()
            .Where(type => type.GetField("Section") is not null)
            .SelectMany(type => type.GetProperties()
                .Select(property => $"{type.GetField("Section")!.GetRawConstantValue()}:{property.Name}"))
            .Append("ConnectionStrings:Database");

        var named = Deployments.SelectMany(App).SelectMany(app => app.Env).Select(variable => variable.Name)
            .Where(name => name is not "TZ").Select(name => name.Replace("__", ":", StringComparison.Ordinal));

        Assert.Empty(named.Except(known, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Probes_ask_what_the_app_answers_on_the_port_of_the_image()
    {
        await using var app = new ExportApp();
        using var client = app.CreateClient();
        var port = int.Parse(Exposed().Match(await DockerfileAsync()).Groups["port"].ValueSpan, provider: null);

        foreach (var container in Deployments.SelectMany(App))
        {
            Assert.Equal(("http", port), (container.Ports.Single().Name, container.Ports.Single().ContainerPort));
            foreach (var probe in new[] { container.StartupProbe, container.LivenessProbe, container.ReadinessProbe })
            {
                Assert.Equal("http", probe.HttpGet.Port.Value);
                Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(probe.HttpGet.Path)).StatusCode);
            }
        }
    }

    [Fact]
    public async Task Every_folder_of_the_image_has_its_volume()
    {
        var folders = Folder().Matches(await DockerfileAsync()).Select(match => match.Groups["folder"].Value).ToList();

        Assert.Equal(3, folders.Count);
        foreach (var deployment in Deployments)
        {
            var mounts = App(deployment).Single().VolumeMounts;
            Assert.Empty(folders.Except(mounts.Select(mount => mount.MountPath), StringComparer.Ordinal));
            Assert.Equal(
                mounts.Select(mount => mount.Name).Order(StringComparer.Ordinal),
                deployment.Spec.Template.Spec.Volumes.Select(volume => volume.Name).Order(StringComparer.Ordinal));
            Assert.All(
                deployment.Spec.Template.Spec.Volumes.Where(volume => volume.PersistentVolumeClaim is not null),
                volume => Assert.Contains(
                    Objects.OfType<V1PersistentVolumeClaim>(), claim => claim.Metadata.Name == volume.PersistentVolumeClaim.ClaimName));
        }
    }

    private static string Role(V1Deployment deployment) =>
        App(deployment).Single().Env.Single(variable => variable.Name is "Node__Role").Value;

    private static IList<V1Container> App(V1Deployment deployment) => deployment.Spec.Template.Spec.Containers;

    private static Task<string> DockerfileAsync() => File.ReadAllTextAsync(Path.Combine(Repository, "Dockerfile"));

    [GeneratedRegex("^EXPOSE (?<port>[0-9]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Exposed();

    [GeneratedRegex(
        "__(Outputs|Temp)?Path=(?<folder>/data/[a-z]+)( |$)", RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Folder();
}
