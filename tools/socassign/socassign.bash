# SPDX-License-Identifier: GPL-2.0
# Completion of socassign(8) for bash

_socassign_nodes() # Paths of the machine's tree
{
	local tree=/sys/firmware/devicetree/base path

	compopt -o nospace
	for path in "$tree$cur"*/; do
		[[ -d $path ]] && path=${path#"$tree"} && COMPREPLY+=("${path%/}")
	done
}

_socassign_partition() # An action, then a description or names
{
	if ((COMP_CWORD == 2)); then
		mapfile -t COMPREPLY < <(compgen -W "check list start stop \
			status" -- "$cur")
	elif [[ ${COMP_WORDS[2]} == check ]]; then
		compopt -o filenames
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
	else
		mapfile -t COMPREPLY < <(compgen -W "$(socassign partition list \
			2>/dev/null | sed -n 's/^ *name: //p')" -- "$cur")
	fi
}

_socassign()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local command=${COMP_WORDS[1]} options claim

	COMPREPLY=()
	if ((COMP_CWORD == 1)); then
		mapfile -t COMPREPLY < <(compgen -W "list show status bind ask unbind dtb \
			partition irq-test peek poke help --help --version" -- "$cur")
		return
	fi
	case $prev in
	--dtb | --description | --base | --overlay | --output)
		compopt -o filenames
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	--dma-class)
		mapfile -t COMPREPLY < <(compgen -W "none protected confined" -- "$cur")
		return
		;;
	--count | --timeout | --page-size)
		return
		;;
	esac
	if [[ $cur != -* && $command == partition ]]; then
		_socassign_partition
		return
	fi
	if [[ $cur != -* ]]; then
		_socassign_nodes
		return
	fi
	claim="--detach --no-dma --unsafe-dma --confined-dma --subtree \
		--share-regs"
	case $command in
	list) options="--json --dtb --page-size --all" ;;
	show) options="--json --dtb --page-size" ;;
	bind) options="--json --dma-class --share-regs --transient" ;;
	ask | status) options="--json" ;;
	unbind) options="--json --transient" ;;
	dtb)
		options="--json --dtb --base --bus --intc --keep --region --clock \
			--line --overlay --output --subtree"
		;;
	partition) options="--json --dtb --page-size --description" ;;
	irq-test) options="--json --count --timeout $claim" ;;
	peek | poke) options="--json $claim" ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "--help $options" -- "$cur")
}

complete -F _socassign socassign
