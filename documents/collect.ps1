# A folder that is gone again where collecting fails. Where it does not, it stays until it is handed in: a responder signs
# an address for each part once its bytes are known, so that nothing else can be handed in by it.
function New-Work([string]$folder) {
  $work = Join-Path $folder "ir-kit-$([guid]::NewGuid())"
  New-Item -ItemType Directory -Path $work | Out-Null
  return $work
}

# One line a part, and one for the whole.
function Write-Parts([string]$work, [long]$partBytes) {
  $stream = [IO.File]::OpenRead((Join-Path $work 'collected'))
  try {
    $number = 0
    for ($offset = 0L; $offset -lt $stream.Length; $offset += $bytes) {
      $number++
      $bytes = [Math]::Min($partBytes, $stream.Length - $offset)
      $hash = ConvertTo-Hex (Get-PartHash $stream $offset $bytes)
      [pscustomobject]@{ part = $number; bytes = $bytes; sha256 = $hash } | ConvertTo-Json -Compress | Write-Output
    }
    $whole = ConvertTo-Hex (Get-PartHash $stream 0 $stream.Length)
    [pscustomobject]@{ work = $work; bytes = $stream.Length; sha256 = $whole } | ConvertTo-Json -Compress | Write-Output
  } finally { $stream.Close() }
}
