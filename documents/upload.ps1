# Hands in a file by addresses that are signed for one piece of evidence each, and for a short time: the machine has no
# permission of its own there. S3 compares each part's MD5 with what arrives.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12

function Fail([string]$why) {
  [pscustomobject]@{ failed = $why } | ConvertTo-Json -Compress | Write-Output
  exit 1
}

# One line a part: number, bytes and MD5, which is the part's ETag, by which the responder completes the upload.
function Send-Evidence([string]$file, [long]$partBytes, [string[]]$urls) {
  $buffer = New-Object byte[] 1048576
  $stream = [IO.File]::OpenRead($file)
  try {
    $size = $stream.Length
    $number = 0
    $offset = 0L
    foreach ($url in $urls) {
      if ($offset -ge $size) { break }
      $number++
      $bytes = [Math]::Min($partBytes, $size - $offset)
      $md5 = [Security.Cryptography.MD5]::Create()
      $stream.Position = $offset
      for ($left = $bytes; $left -gt 0; $left -= $read) {
        $read = $stream.Read($buffer, 0, [int][Math]::Min($buffer.Length, $left))
        [void]$md5.TransformBlock($buffer, 0, $read, $null, 0)
      }
      [void]$md5.TransformFinalBlock($buffer, 0, 0)
      $request = [Net.HttpWebRequest]::Create($url)
      $request.Method = 'PUT'
      $request.Timeout = 3600000
      $request.ContentLength = $bytes
      $request.AllowWriteStreamBuffering = $false
      $request.Headers['Content-MD5'] = [Convert]::ToBase64String($md5.Hash)
      $target = $request.GetRequestStream()
      $stream.Position = $offset
      for ($left = $bytes; $left -gt 0; $left -= $read) {
        $read = $stream.Read($buffer, 0, [int][Math]::Min($buffer.Length, $left))
        $target.Write($buffer, 0, $read)
      }
      $target.Close()
      try { $request.GetResponse().Close() } catch { Fail "part $number was not taken" }
      $hex = ([BitConverter]::ToString($md5.Hash) -replace '-').ToLower()
      [pscustomobject]@{ part = $number; bytes = $bytes; md5 = $hex } | ConvertTo-Json -Compress | Write-Output
      $offset += $bytes
    }
  } finally { $stream.Close() }
  if ($offset -lt $size) { Fail "$size bytes are more than $number parts of $partBytes" }
  $sha256 = (Get-FileHash -Algorithm SHA256 -Path $file).Hash.ToLower()
  [pscustomobject]@{ whole = (Split-Path $file -Leaf); bytes = $size; sha256 = $sha256 } | ConvertTo-Json -Compress | Write-Output
}
