"""`completion`: a script for the shell, which asks this program for the words, so that none is ever stale."""

from __future__ import annotations

import argparse

# Each asks for what may follow the words so far, of which the last is being typed: lines of a word, a tab and
# what it is for, or one line that leaves it to the shell to complete names of files.
# Sources: bash(1), "Programmable Completion"; zshcompsys(1), `_describe`; complete(1) of fish.
_SCRIPTS = {
    "bash": r"""# In ~/.bashrc: eval "$(neckguard completion bash)"
_neckguard() {
    mapfile -t COMPREPLY < <("${1/#\~/$HOME}" completion --words "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
    if [[ ${COMPREPLY[0]} == :files ]]; then
        COMPREPLY=()
        compopt -o default
    fi
    COMPREPLY=("${COMPREPLY[@]%%$'\t'*}")
}
complete -F _neckguard neckguard
""",
    "zsh": r"""#compdef neckguard
# In ~/.zshrc, after compinit: eval "$(neckguard completion zsh)"
# Or as the file _neckguard in a directory of $fpath.
_neckguard() {
    local -a found
    found=("${(@f)$("${words[1]/#\~/$HOME}" completion --words "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    if [[ $found[1] == :files ]]; then
        _files
    elif [[ -n $found[1] ]]; then
        found=("${(@)found/$'\t'/:}")
        _describe neckguard found
    fi
}
if [[ $funcstack[1] == _neckguard ]]; then _neckguard "$@"; else compdef _neckguard neckguard; fi
""",
    "fish": r"""# neckguard completion fish > ~/.config/fish/completions/neckguard.fish
function __neckguard_words
    set -l words (commandline -opc) (commandline -ct)
    set -l program (string replace -r '^~' $HOME -- $words[1])
    set -l found ($program completion --words $words[2..] 2>/dev/null)
    if test "$found[1]" = :files
        __fish_complete_path (commandline -ct)
    else
        printf '%s\n' $found
    end
end
complete -c neckguard -f -a '(__neckguard_words)'
""",
}


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    one = parser.add_mutually_exclusive_group(required=True)
    one.add_argument("shell", nargs="?", choices=tuple(_SCRIPTS), help="whose script to print")
    one.add_argument("--words", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    parser.epilog = (
        "Examples:\n"
        '  eval "$(neckguard completion bash)"    # a line for ~/.bashrc\n'
        '  eval "$(neckguard completion zsh)"     # a line for ~/.zshrc, after compinit\n'
        "  neckguard completion fish > ~/.config/fish/completions/neckguard.fish"
    )


def run(args: argparse.Namespace) -> int:
    """Print the script, or, for the script, the words that may come next."""
    if args.shell:
        print(_SCRIPTS[args.shell], end="")
    else:
        from neckguard.cli.candidates import candidates

        for word, purpose in candidates(args.words or [""]).items():
            print(f"{word}\t{purpose}" if purpose else word)
    return 0
