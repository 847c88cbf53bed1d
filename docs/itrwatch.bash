# Feito por `python -m docs` a partir da linha de comando: não mude aqui.
_itrwatch() {
    local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]}
    if [ "$COMP_CWORD" = 1 ]; then
        COMPREPLY=($(compgen -W "run once check page status new separators schema demo setup config doctor start stop restart" -- "$word"))
        return
    fi
    case $command in
    run) COMPREPLY=($(compgen -W "--help --config" -- "$word")) ;;
    once) COMPREPLY=($(compgen -W "--help --config --retry" -- "$word")) ;;
    check) COMPREPLY=($(compgen -W "--help --config" -- "$word")) ;;
    page) COMPREPLY=($(compgen -W "--help --config --pictures" -- "$word")) ;;
    status) COMPREPLY=($(compgen -W "--help --config --json --brief" -- "$word")) ;;
    new) COMPREPLY=($(compgen -W "--help --config --write" -- "$word")) ;;
    separators) COMPREPLY=($(compgen -W "--help --config --duplex" -- "$word")) ;;
    schema) COMPREPLY=($(compgen -W "--help --config" -- "$word")) ;;
    demo) COMPREPLY=($(compgen -W "--help --config" -- "$word")) ;;
    setup) COMPREPLY=($(compgen -W "--help --config --inbox --outbox --uf --municipio --feriados --samba --instance --yes" -- "$word")) ;;
    config) COMPREPLY=($(compgen -W "--help --config --check --show" -- "$word")) ;;
    doctor) COMPREPLY=($(compgen -W "--help --config --quiet" -- "$word")) ;;
    start) COMPREPLY=($(compgen -W "--help --config --pid-file" -- "$word")) ;;
    stop) COMPREPLY=($(compgen -W "--help --config --pid-file" -- "$word")) ;;
    restart) COMPREPLY=($(compgen -W "--help --config --pid-file" -- "$word")) ;;
    esac
    [[ $word == -* ]] || COMPREPLY=($(compgen -f -- "$word"))
}
complete -o filenames -F _itrwatch itrwatch
