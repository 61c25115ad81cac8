# What a running machine tells of itself and forgets when it stops: processes, connections, sessions, drivers and what
# starts by itself. It reads, and says what it did not have.
#
# Before this text stand $IrKitPartBytes and $IrKitFolder.
$work = New-Work $IrKitFolder
$whole = $false
$live = Join-Path $work 'live'
New-Item -ItemType Directory -Path $live | Out-Null

function Ask([string]$name, [scriptblock]$question) {
  try { & $question | ConvertTo-Json -Depth 3 -Compress | Set-Content -Encoding UTF8 -Path (Join-Path $live "$name.json") }
  catch { [pscustomobject]@{ missing = $name } | ConvertTo-Json -Compress | Write-Output }
}

try {
  Ask 'computer' { Get-CimInstance Win32_OperatingSystem | Select-Object * -ExcludeProperty Cim* }
  Ask 'processes' { Get-CimInstance Win32_Process | Select-Object ProcessId, ParentProcessId, Name, CommandLine, ExecutablePath, CreationDate }
  Ask 'programs' { Get-Process | Where-Object Path | Select-Object -ExpandProperty Path -Unique | Get-FileHash -Algorithm SHA256 -ErrorAction SilentlyContinue }
  Ask 'connections' { Get-NetTCPConnection | Select-Object LocalAddress, LocalPort, RemoteAddress, RemotePort, State, OwningProcess, CreationTime }
  Ask 'udp' { Get-NetUDPEndpoint | Select-Object LocalAddress, LocalPort, OwningProcess }
  Ask 'addresses' { Get-NetIPAddress | Select-Object IPAddress, InterfaceAlias, PrefixLength }
  Ask 'neighbours' { Get-NetNeighbor | Select-Object IPAddress, LinkLayerAddress, State }
  Ask 'names' { Get-DnsClientCache | Select-Object Entry, Name, Data }
  Ask 'sessions' { Get-CimInstance Win32_LoggedOnUser | Select-Object Antecedent, Dependent }
  Ask 'services' { Get-CimInstance Win32_Service | Select-Object Name, State, StartMode, PathName, StartName }
  Ask 'drivers' { Get-CimInstance Win32_SystemDriver | Select-Object Name, State, PathName }
  Ask 'tasks' { Get-ScheduledTask | Select-Object TaskName, TaskPath, State, Actions }
  Ask 'autostart' { Get-CimInstance Win32_StartupCommand | Select-Object Name, Command, Location, User }
  Ask 'users' { Get-LocalUser | Select-Object Name, Enabled, LastLogon, PasswordLastSet }
  Ask 'shares' { Get-SmbShare | Select-Object Name, Path }
  Ask 'security-events' { Get-WinEvent -MaxEvents 5000 -LogName Security | Select-Object TimeCreated, Id, Message }
  Compress-Archive -Path $live -DestinationPath (Join-Path $work 'live.zip')
  Move-Item -Path (Join-Path $work 'live.zip') -Destination (Join-Path $work 'collected')
  Remove-Item -Recurse -Force $live
  Write-Parts $work $IrKitPartBytes
  $whole = $true
} finally {
  if (-not $whole) { Remove-Item -Recurse -Force $work }
}
