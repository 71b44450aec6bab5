using System.Net;
using HeyGemExport.Notifications;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Tests.Notifications;

/// <summary>Settings of targets, and which addresses they may have.</summary>
public sealed class NotificationOptionsTests
{
    [Fact]
    public async Task Everything_that_is_wrong_is_named_at_start_without_addresses_and_secrets()
    {
        await using var app = new HeldApp();
        app.Settings["Notifications:TimeoutSeconds"] = "0";
        app.Settings["Notifications:MaxAttempts"] = "21";
        foreach (var (target, key, value) in new[]
        {
            ("one", "Kind", "pigeon"), ("one", "Url", "ftp://hush.example.com"), ("one", "Events", "ready cooked"),
            ("one", "Language", "fr"),
            ("two", "Kind", "webhook"), ("two", "Url", "http://hush.example.com"),
            ("three", "Kind", "webhook"), ("three", "Url", "https://example.com/hush"), ("three", "Secret", "hush"),
            ("three", "SecretFile", app.Folder["missing"]),
        })
        {
            app.Settings[$"Notifications:Targets:{target}:{key}"] = value;
        }

        var fault = Assert.Throws<OptionsValidationException>(app.StartServer);

        foreach (var named in new[]
        {
            "Notifications:TimeoutSeconds", "Notifications:MaxAttempts", "Targets:one:Kind", "Targets:one:Url", "Targets:one:Events",
            "Targets:one:Language",
            "Targets:two:Url must begin with https://", "Targets:two:Secret", "Targets:three must have Secret or SecretFile",
            "Targets:three:SecretFile cannot be read",
        })
        {
            Assert.Contains(named, fault.Message, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("hush", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_may_lie_in_a_file()
    {
        await using var app = new HeldApp();
        app.Folder.Write("secret", "from a file\n"u8.ToArray());
        app.Settings["Notifications:Targets:ops:Kind"] = "webhook";
        app.Settings["Notifications:Targets:ops:Url"] = "https://example.com/hook";
        app.Settings["Notifications:Targets:ops:SecretFile"] = app.Folder["secret"];
        app.StartServer();

        Assert.Equal("from a file", app.Get<NotificationTargets>().Find("OPS")!.Secret);
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.168.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.100.100.200", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("::7f00:1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("2001:0:1::1", false)]
    [InlineData("ff02::1", false)]
    public void Addresses_of_this_machine_its_network_and_its_cloud_are_not_public(string address, bool isPublic) =>
        Assert.Equal(isPublic, PublicAddress.Is(IPAddress.Parse(address)));
}
