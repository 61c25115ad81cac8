# shellcheck shell=bash
# Prepares a machine on which evidence is looked at, at its first start. Nothing is installed from outside: tools come
# from the tools bucket, with the checksums that the landscape pins. A disk that is attached afterwards is read-only when
# the kernel tells of it; one that was there at the start has been seen by the boot before this runs. What was done is
# recorded on the machine, and in the log of sessions.
#
# Before this text stand IR_KIT_REGION, IR_KIT_TOOLS_BUCKET, IR_KIT_TOOLS (lines of "sha256 key") and IR_KIT_LOG_GROUP.
set -uo pipefail
umask 077

ir_kit_record=${IR_KIT_RECORD:-/var/log/ir-kit/start.jsonl}
ir_kit_evidence=${IR_KIT_EVIDENCE:-/evidence}
ir_kit_tools=${IR_KIT_TOOLS_FOLDER:-/opt/ir-kit}
ir_kit_rules=${IR_KIT_RULES:-/etc/udev/rules.d/00-ir-kit-read-only.rules}
ir_kit_command=${IR_KIT_COMMAND:-/usr/local/sbin/ir-kit-evidence}

# Both texts become JSON strings: what a disk or a tool is called must not end one.
say() {
  local text
  text=$(printf '%s' "$2" | tr -d '\000-\037' | sed -e 's/\\/\\\\/g' -e 's/"/\\"/g')
  printf '{"at":"%s","what":"%s","detail":"%s"}\n' "$(date -u +%FT%TZ)" "$1" "$text" >>"$ir_kit_record"
}

# The disk from which the machine runs, such as nvme0n1; no disk's name where that can't be told.
own_disk() {
  local disk
  disk=$(lsblk -no PKNAME "$(findmnt -no SOURCE /)" 2>/dev/null | head -n 1)
  printf '%s' "${disk:-unknown}"
}

# Disks that are not the machine's own: what they hold is evidence.
other_disks() {
  local own
  own=$(own_disk)
  lsblk -dnro NAME,TYPE | while read -r name type; do
    if [ "$type" = disk ] && [ "$name" != "$own" ]; then
      case $name in ram* | zram* | loop*) ;; *) printf '/dev/%s\n' "$name" ;; esac
    fi
  done
}

# What is attached later is read-only too. PROGRAM is done when the rule is read, RUN only after all rules; and what is
# not ready for systemd is assembled into no array. Overlays that an analyst makes over a disk stay writable.
protect_what_comes() {
  cat >"$ir_kit_rules" <<RULE
ACTION=="add|change", SUBSYSTEM=="block", KERNEL!="$(own_disk)*|loop*|ram*|zram*|dm-*|md*", PROGRAM="/usr/sbin/blockdev --setro \$devnode", ENV{SYSTEMD_READY}="0"
RULE
  # Evidence is attached only where this was said.
  if [ -s "$ir_kit_rules" ] && udevadm control --reload; then say "protects what comes" "$ir_kit_rules"; fi
}

# Whether a disk and all its partitions refuse to be written to.
protect() {
  local part
  while read -r part; do
    blockdev --setro "$part"
    if [ "$(blockdev --getro "$part")" != 1 ]; then
      say "not protected" "$part"
      return 1
    fi
  done < <(lsblk -lnpo NAME "$1")
  say "read-only" "$1, $(blockdev --getsize64 "$1") bytes"
}

# Options by which a file system is looked at without its journal being played back, which would write.
options_for() {
  case $1 in
    ext3 | ext4) printf 'ro,noload' ;;
    xfs) printf 'ro,norecovery,nouuid' ;;
    btrfs) printf 'ro,rescue=nologreplay' ;;
    *) printf 'ro' ;;
  esac
}

# Mounts each file system of a disk that is protected, below the folder of evidence. Nothing on it runs.
mount_evidence() {
  local part kind folder
  while read -r part; do
    kind=$(blkid -p -s TYPE -o value "$part")
    [ -n "$kind" ] || continue
    folder=$ir_kit_evidence/${part##*/}
    if findmnt -n "$folder" >/dev/null; then continue; fi
    mkdir -p "$folder"
    if mount -t "$kind" -o "$(options_for "$kind"),nodev,nosuid,noexec,noatime" "$part" "$folder"; then
      say "mounted" "$part, $kind, at $folder"
    else
      rmdir "$folder"
      say "not mounted" "$part, $kind: look at it with tools"
    fi
  done < <(lsblk -lnpo NAME "$1")
}

open_evidence() {
  local disk
  while read -r disk; do
    if protect "$disk"; then mount_evidence "$disk"; fi
  done < <(other_disks)
}

# For disks that are attached later: what an analyst runs, as root.
leave_command() {
  cat >"$ir_kit_command" <<'COMMAND'
#!/bin/bash
export IR_KIT_FUNCTIONS_ONLY=1
# shellcheck source=/dev/null
. /var/lib/cloud/instance/user-data.txt
open_evidence
lsblk -o NAME,SERIAL,SIZE,RO,MOUNTPOINTS
COMMAND
  chmod 755 "$ir_kit_command"
}

# Tools are what the landscape says, byte for byte, or they are not there.
fetch_tools() {
  local sha256 key file
  if [ -z "$IR_KIT_TOOLS" ]; then
    say "no tools" "the landscape names none (forensics.tools)"
    return
  fi
  mkdir -p "$ir_kit_tools"
  chmod 755 "$ir_kit_tools"
  while read -r sha256 key; do
    file=$ir_kit_tools/${key##*/}
    if ! aws s3api get-object --region "$IR_KIT_REGION" --bucket "$IR_KIT_TOOLS_BUCKET" --key "$key" "$file" >/dev/null; then
      say "tool not had" "$key"
    elif printf '%s  %s\n' "$sha256" "$file" | sha256sum --check --status; then
      chmod 755 "$file"
      say "tool" "$key, $sha256"
    else
      rm -f "$file"
      say "tool refused" "$key is not $sha256"
    fi
  done <<<"$IR_KIT_TOOLS"
}

# The record where nobody on this machine can change it. Credentials and endpoints may take a while to be there.
hand_in_record() {
  local tries
  for tries in 1 2 3 4 5 6 7 8 9 10; do
    if try_to_hand_in; then return; fi
    sleep "${IR_KIT_PAUSE:-$((tries * 5))}"
  done
  say "record not handed in" "$IR_KIT_LOG_GROUP"
}

try_to_hand_in() {
  local token instance stream events ended
  token=$(curl -sf -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' http://169.254.169.254/latest/api/token)
  instance=$(curl -sf -H "X-aws-ec2-metadata-token: $token" http://169.254.169.254/latest/meta-data/instance-id)
  stream=$instance/start
  events=$(mktemp)
  printf '[{"timestamp":%s000,"message":"%s"}]' "$(date +%s)" \
    "$(sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' "$ir_kit_record" | tr '\n' ' ')" >"$events"
  # It is there already where an earlier try got so far.
  aws logs create-log-stream --region "$IR_KIT_REGION" --log-group-name "$IR_KIT_LOG_GROUP" \
    --log-stream-name "$stream" 2>/dev/null
  aws logs put-log-events --region "$IR_KIT_REGION" --log-group-name "$IR_KIT_LOG_GROUP" --log-stream-name "$stream" \
    --log-events "file://$events" >/dev/null
  ended=$?
  rm -f "$events"
  return "$ended"
}

ir_kit_start() {
  mkdir -p "$(dirname "$ir_kit_record")" "$ir_kit_evidence"
  say "started" "own disk $(own_disk)"
  protect_what_comes
  open_evidence
  leave_command
  fetch_tools
  hand_in_record
}

# A test takes the functions one by one.
if [ -z "${IR_KIT_FUNCTIONS_ONLY:-}" ]; then ir_kit_start; fi
