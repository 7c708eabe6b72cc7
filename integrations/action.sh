#!/usr/bin/env bash
# What action.yml runs: one `fazhi check` whose annotations go to the log, its summary to the page of the run, and its
# exit code to the outputs. Everything comes in by environment variables; nothing of them is ever read as shell.
#
#   FAZHI_PATHS          files, folders or patterns, one a line (default: .)
#   FAZHI_CHANGED_SINCE  only what differs from where the branch left this commit
#   FAZHI_FAIL_ON        error, warning, review or never
#   FAZHI_ARGS           more options, split at spaces and lines; an argument with spaces cannot be written here
#   FAZHI_SARIF          file for code scanning
set -u

arguments=(check --format github)
[ -n "${FAZHI_FAIL_ON:-}" ] && arguments+=(--fail-on "$FAZHI_FAIL_ON")
[ -n "${FAZHI_CHANGED_SINCE:-}" ] && arguments+=("--changed-since=$FAZHI_CHANGED_SINCE")
[ -n "${FAZHI_SARIF:-}" ] && arguments+=(--output "sarif=$FAZHI_SARIF")

summary=""
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
  summary="$(mktemp)" || exit 2
  trap 'rm -f -- "$summary"' EXIT
  arguments+=(--output "markdown=$summary")
fi

read -r -d '' -a more <<<"${FAZHI_ARGS:-}" || true

paths=()
while IFS= read -r line; do
  line="${line%$'\r'}"
  [ -n "$line" ] && paths+=("$line")
done <<<"${FAZHI_PATHS:-}"
[ "${#paths[@]}" -eq 0 ] && paths=(.)

fazhi "${arguments[@]}" ${more[@]+"${more[@]}"} -- "${paths[@]}"
code=$?

if [ -n "$summary" ]; then
  # A summary over 1 MiB is refused whole: the lines that fit are kept.
  if [ "$(wc -c <"$summary")" -gt 1000000 ]; then
    { head -c 990000 -- "$summary" | sed '$d'; printf '\n结果太长，这里只有前一部分；全部结果见日志。\n'; } >>"$GITHUB_STEP_SUMMARY"
  else
    cat -- "$summary" >>"$GITHUB_STEP_SUMMARY"
  fi
fi
[ -n "${GITHUB_OUTPUT:-}" ] && printf 'exit-code=%s\n' "$code" >>"$GITHUB_OUTPUT"
exit "$code"
