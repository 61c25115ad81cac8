# Hands in what was collected, by addresses that are signed for one piece of evidence and its SHA-256 each, and for a short
# time: the machine has no permission of its own there, and S3 takes nothing but those bytes. What is handed in to the
# end is removed from the machine.
#
# Before this text stand $IrKitWork, $IrKitUrls, $IrKitPartBytes and $IrKitFirstPart.
$file = Join-Path $IrKitWork 'collected'
if (-not (Test-Path $file)) { Fail "there is nothing in $IrKitWork" }
$buffer = New-Object byte[] 1048576
$stream = [IO.File]::OpenRead($file)
try {
  $number = $IrKitFirstPart
  $offset = ($number - 1) * $IrKitPartBytes
  foreach ($url in $IrKitUrls) {
    if ($offset -ge $stream.Length) { Fail "there is no part $number" }
    $bytes = [Math]::Min($IrKitPartBytes, $stream.Length - $offset)
    $hash = Get-PartHash $stream $offset $bytes
    $request = [Net.HttpWebRequest]::Create($url)
    $request.Method = 'PUT'
    $request.Timeout = 3600000
    $request.ContentLength = $bytes
    $request.AllowWriteStreamBuffering = $false
    $request.Headers['x-amz-checksum-sha256'] = [Convert]::ToBase64String($hash)
    try {
      $target = $request.GetRequestStream()
      $stream.Position = $offset
      for ($left = $bytes; $left -gt 0; $left -= $read) {
        $read = $stream.Read($buffer, 0, [int][Math]::Min($buffer.Length, $left))
        $target.Write($buffer, 0, $read)
      }
      $target.Close()
      $request.GetResponse().Close()
    } catch { Fail "part $number was not taken" }
    [pscustomobject]@{ part = $number; bytes = $bytes; sha256 = (ConvertTo-Hex $hash) } | ConvertTo-Json -Compress | Write-Output
    $number++
    $offset += $bytes
  }
  $left = $stream.Length - $offset
} finally { $stream.Close() }
[pscustomobject]@{ left = $left } | ConvertTo-Json -Compress | Write-Output
if ($left -le 0) { Remove-Item -Recurse -Force $IrKitWork }
