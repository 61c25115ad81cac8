# Prepares a machine on which evidence is looked at, at its first start. Nothing is installed from outside: tools come
# from the tools bucket, with the checksums that the landscape pins. Every disk but the machine's own is read-only, and
# new ones stay offline until somebody takes them online. What was done is recorded on the machine, and in the log of
# sessions.
#
# Before this text stand $IrKitRegion, $IrKitToolsBucket, $IrKitTools (an array of objects with sha256 and key) and
# $IrKitLogGroup.
$ErrorActionPreference = 'Continue'
# The endpoint of the network answers for names of a region only.
$env:AWS_S3_US_EAST_1_REGIONAL_ENDPOINT = 'regional'
$record = 'C:\ProgramData\ir-kit\start.jsonl'
New-Item -ItemType Directory -Force -Path (Split-Path $record), 'C:\ir-kit' | Out-Null

function Say([string]$what, [string]$detail) {
  [pscustomobject]@{ at = (Get-Date).ToUniversalTime().ToString('s') + 'Z'; what = $what; detail = $detail } |
    ConvertTo-Json -Compress | Add-Content -Path $record -Encoding UTF8
}

Say 'started' $env:COMPUTERNAME
Set-StorageSetting -NewDiskPolicy OfflineAll
# Evidence is attached only where this was said.
if ((Get-StorageSetting).NewDiskPolicy -eq 'OfflineAll') { Say 'protects what comes' 'OfflineAll' }
$own = (Get-Partition -DriveLetter $env:SystemDrive[0]).DiskNumber
foreach ($disk in Get-Disk | Where-Object Number -ne $own) {
  # Offline first: NTFS plays its journal back on a disk that is online and can be written to.
  Set-Disk -Number $disk.Number -IsOffline $true
  Set-Disk -Number $disk.Number -IsReadOnly $true
  $now = Get-Disk -Number $disk.Number
  Say 'disk' "$($now.Number), $($now.Size) bytes, offline $($now.IsOffline) ($($now.OfflineReason)), read-only $($now.IsReadOnly)"
}

if ($IrKitTools.Count -eq 0) { Say 'no tools' 'the landscape names none (forensics.tools)' }
foreach ($tool in $IrKitTools) {
  $file = Join-Path 'C:\ir-kit' (Split-Path $tool.key -Leaf)
  try {
    Read-S3Object -Region $IrKitRegion -BucketName $IrKitToolsBucket -Key $tool.key -File $file | Out-Null
    if ((Get-FileHash -Algorithm SHA256 -Path $file).Hash -eq $tool.sha256) { Say 'tool' "$($tool.key), $($tool.sha256)" }
    else { Remove-Item -Force $file; Say 'tool refused' "$($tool.key) is not $($tool.sha256)" }
  } catch { Say 'tool not had' $tool.key }
}

# Evidence is attached once this has come: the record is handed in last.
for ($tries = 1; $tries -le 10; $tries++) {
  try {
    $stream = "$(Get-EC2InstanceMetadata -Category InstanceId)/start"
    # It is there already where an earlier try got so far.
    try { New-CWLLogStream -Region $IrKitRegion -LogGroupName $IrKitLogGroup -LogStreamName $stream } catch { }
    Write-CWLLogEvent -Region $IrKitRegion -LogGroupName $IrKitLogGroup -LogStreamName $stream -ErrorAction Stop `
      -LogEvent @{ Timestamp = (Get-Date).ToUniversalTime(); Message = (Get-Content -Path $record) -join ' ' }
    break
  } catch { Say 'record not handed in' $_.Exception.Message; Start-Sleep -Seconds ($tries * 5) }
}
