# shellcheck shell=bash
# What a running machine tells of itself and forgets when it stops: processes, connections, sessions, modules, mounts and
# what starts by itself. It reads, runs nothing but the machine's own tools, and says which it did not have.
#
# Before this text stand IR_KIT_PART_BYTES and IR_KIT_FOLDER.

# Name of a file, and what is run for it. A tool that hangs, as on a dead network mount, holds up nothing else.
ask() {
  local name=$1
  shift
  if command -v "$1" >/dev/null; then
    timeout 60 "$@" >"$name.txt" 2>"$name.err" || printf '{"incomplete":"%s","exit":%s}\n' "$name" "$?"
    [ -s "$name.err" ] || rm -f "$name.err"
  else
    printf '{"missing":"%s"}\n' "$1"
  fi
}

# Programs of processes, those whose file is deleted too, with the SHA-256 of what runs. A file is read once,
# however many processes run it: the machine may be in production, and its attacker may watch how busy it is.
programs() {
  local process program file
  local -A hashes
  for process in "${IR_KIT_PROC:-/proc}"/[0-9]*; do
    program=$(readlink "$process/exe") || continue
    file=$(stat --dereference --format=%d:%i:%Z "$process/exe" 2>/dev/null) || file=$process
    [ -n "${hashes[$file]:-}" ] || hashes[$file]=$(sha256sum 2>/dev/null <"$process/exe" | cut -d ' ' -f 1) || true
    printf '%s\t%s\t%s\n' "${process##*/}" "${hashes[$file]}" "$program"
  done
}

collect_live() {
  have dd sha256sum stat tar timeout
  work_in "$IR_KIT_FOLDER"
  mkdir "$ir_kit_work/live"
  cd "$ir_kit_work/live" || fail "$ir_kit_work can't be entered"
  ask date date --utc --iso-8601=seconds
  ask uname uname --all
  ask uptime uptime
  ask processes ps -eo pid,ppid,user,lstart,stat,args --sort=pid
  programs >programs.txt
  ask sockets ss --all --numeric --processes --extended
  ask addresses ip address show
  ask routes ip route show table all
  ask neighbours ip neighbour show
  ask open-files lsof -nP
  ask sessions w
  ask logins last -Faiwx
  ask modules lsmod
  ask mounts findmnt --all
  ask units systemctl list-units --all --no-pager
  ask timers systemctl list-timers --all --no-pager
  ask unit-files systemctl list-unit-files --no-pager
  ask containers ctr --namespace k8s.io tasks list
  ask docker docker ps --all --no-trunc
  ask crontabs grep -rs . /etc/crontab /etc/cron.d /var/spool/cron
  ask journal journalctl --no-pager --since=-24h
  tar --create --gzip --file "$ir_kit_work/collected" --directory "$ir_kit_work" live || fail "what was collected was not packed"
  rm -rf "$ir_kit_work/live"
  tell
}
