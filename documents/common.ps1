$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12

function Fail([string]$why) {
  [pscustomobject]@{ failed = $why } | ConvertTo-Json -Compress | Write-Output
  exit 1
}

# SHA-256 of some bytes of a stream, by a provider that FIPS allows.
function Get-PartHash([IO.Stream]$stream, [long]$offset, [long]$bytes) {
  $buffer = New-Object byte[] 1048576
  $sha256 = New-Object Security.Cryptography.SHA256CryptoServiceProvider
  $stream.Position = $offset
  for ($left = $bytes; $left -gt 0; $left -= $read) {
    $read = $stream.Read($buffer, 0, [int][Math]::Min($buffer.Length, $left))
    [void]$sha256.TransformBlock($buffer, 0, $read, $null, 0)
  }
  [void]$sha256.TransformFinalBlock($buffer, 0, 0)
  return , $sha256.Hash
}

function ConvertTo-Hex([byte[]]$bytes) { ([BitConverter]::ToString($bytes) -replace '-').ToLower() }
