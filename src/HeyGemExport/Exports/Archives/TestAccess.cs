using System.Runtime.CompilerServices;

// Tests reach CRC-32 and the ZIP64 threshold: 4 GiB for each case would take minutes.
[assembly: InternalsVisibleTo("HeyGemExport.Tests")]
