# What the machine's memory holds, by a tool that is fetched from the tools bucket and is what the landscape pins. It is
# written to the disk: preserve the volumes first.
#
# Before this text stand $IrKitToolUrl, $IrKitPartBytes, $IrKitFolder and the pinned $IrKitSha256.
if (-not $IrKitSha256) { Fail 'no tool is pinned for Windows (forensics.tools, memory)' }
$work = New-Work $IrKitFolder
$whole = $false
try {
  $memory = (Get-CimInstance Win32_ComputerSystem).TotalPhysicalMemory
  $free = (New-Object IO.DriveInfo ([IO.Path]::GetPathRoot($work))).AvailableFreeSpace
  if ($free -le $memory * 1.1) { Fail "$IrKitFolder has $free bytes left and memory has $memory" }
  $tool = Join-Path $work 'tool.exe'
  try { Invoke-WebRequest -UseBasicParsing -Uri $IrKitToolUrl -OutFile $tool -TimeoutSec 300 } catch { Fail 'the tool was not had' }
  if ((Get-FileHash -Algorithm SHA256 -Path $tool).Hash -ne $IrKitSha256) { Fail 'the tool is not the one that is pinned' }
  $image = Join-Path $work 'collected'
  & $tool $image | Out-Null
  Remove-Item -Force $tool
  if (-not (Test-Path $image) -or (Get-Item $image).Length -lt $memory) { Fail 'the tool gave less than there is memory' }
  Write-Parts $work $IrKitPartBytes
  $whole = $true
} finally {
  if (-not $whole) { Remove-Item -Recurse -Force $work }
}
