# What the machine's memory holds, by a tool that is fetched from the tools bucket and is what the landscape pins. It is
# written to the disk before it is handed in: preserve the volumes first.
#
# Before this text stand $IrKitToolUrl, $IrKitUrls, $IrKitPartBytes, $IrKitFolder and the pinned $IrKitSha256.
if (-not $IrKitSha256) { Fail 'no tool is pinned for Windows (forensics.tools, memory)' }
$work = Join-Path $IrKitFolder "ir-kit-$([guid]::NewGuid())"
New-Item -ItemType Directory -Path $work | Out-Null
try {
  $memory = (Get-CimInstance Win32_ComputerSystem).TotalPhysicalMemory
  $free = (New-Object IO.DriveInfo ([IO.Path]::GetPathRoot($work))).AvailableFreeSpace
  if ($free -le $memory * 1.1) { Fail "$IrKitFolder has $free bytes left and memory has $memory" }
  $tool = Join-Path $work 'tool.exe'
  try { Invoke-WebRequest -UseBasicParsing -Uri $IrKitToolUrl -OutFile $tool -TimeoutSec 300 } catch { Fail 'the tool was not had' }
  if ((Get-FileHash -Algorithm SHA256 -Path $tool).Hash -ne $IrKitSha256) { Fail 'the tool is not the one that is pinned' }
  $image = Join-Path $work 'memory.raw'
  & $tool $image | Out-Null
  if (-not (Test-Path $image)) { Fail 'the tool could not read memory' }
  Send-Evidence $image $IrKitPartBytes $IrKitUrls
} finally {
  # What is collected is evidence in the bucket, and only a trace here.
  Remove-Item -Recurse -Force $work
}
