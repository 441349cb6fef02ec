/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The layout of every struct of the ABI, once and for all compilers: what a
 * program was compiled with must not differ from what the kernel was.
 * Compiled by itself, as C90 and C++98 (scripts/static-check.sh), hence no
 * static assertions.  The header comes first: it needs no other before it.
 */
#include <linux/socassign.h>
#include <stddef.h>

#define NAME(a, b)	NAME_(a, b)
#define NAME_(a, b)	a##b
#define ASSERT(cond) \
	enum { NAME(assertion_in_line_, __LINE__) = 1 / (cond) }

#define SIZE(type, size) \
	ASSERT(sizeof(struct type) == (size))
#define FIELD(type, field, offset, size) \
	ASSERT(offsetof(struct type, field) == (offset) && \
	       sizeof(((struct type *)0)->field) == (size))

SIZE(socassign_instantiate, 40);
FIELD(socassign_instantiate, size, 0, 4);
FIELD(socassign_instantiate, flags, 4, 4);
FIELD(socassign_instantiate, paths, 8, 8);
FIELD(socassign_instantiate, paths_len, 16, 4);
FIELD(socassign_instantiate, out_fd, 20, 4);
FIELD(socassign_instantiate, reason, 24, 8);
FIELD(socassign_instantiate, reason_len, 32, 4);
FIELD(socassign_instantiate, __reserved, 36, 4);

SIZE(socassign_query, 24);
FIELD(socassign_query, size, 0, 4);
FIELD(socassign_query, out_version, 4, 4);
FIELD(socassign_query, out_instantiate_flags, 8, 4);
FIELD(socassign_query, out_features, 12, 4);
FIELD(socassign_query, out_max_paths_len, 16, 4);
FIELD(socassign_query, out_max_nodes, 20, 4);

SIZE(socassign_info, 48);
FIELD(socassign_info, size, 0, 4);
FIELD(socassign_info, out_flags, 4, 4);
FIELD(socassign_info, out_dma_class, 8, 4);
FIELD(socassign_info, out_num_nodes, 12, 4);
FIELD(socassign_info, out_num_regions, 16, 4);
FIELD(socassign_info, out_num_irqs, 20, 4);
FIELD(socassign_info, out_num_clocks, 24, 4);
FIELD(socassign_info, out_has_reset, 28, 4);
FIELD(socassign_info, paths, 32, 8);
FIELD(socassign_info, paths_len, 40, 4);
FIELD(socassign_info, out_num_dmas, 44, 4);

SIZE(socassign_region, 88);
FIELD(socassign_region, size, 0, 4);
FIELD(socassign_region, index, 4, 4);
FIELD(socassign_region, out_kind, 8, 4);
FIELD(socassign_region, out_flags, 12, 4);
FIELD(socassign_region, out_node, 16, 4);
FIELD(socassign_region, out_entry, 20, 4);
FIELD(socassign_region, out_widths, 24, 4);
FIELD(socassign_region, out_page_offset, 28, 4);
FIELD(socassign_region, out_bytes, 32, 8);
FIELD(socassign_region, out_cookie, 40, 8);
FIELD(socassign_region, out_cached_cookie, 48, 8);
FIELD(socassign_region, out_bus_address, 56, 8);
FIELD(socassign_region, name, 64, 8);
FIELD(socassign_region, neighbours, 72, 8);
FIELD(socassign_region, name_len, 80, 4);
FIELD(socassign_region, neighbours_len, 84, 4);

SIZE(socassign_irq, 144);
FIELD(socassign_irq, size, 0, 4);
FIELD(socassign_irq, index, 4, 4);
FIELD(socassign_irq, out_origin, 8, 4);
FIELD(socassign_irq, out_flags, 12, 4);
FIELD(socassign_irq, out_node, 16, 4);
FIELD(socassign_irq, out_entry, 20, 4);
FIELD(socassign_irq, out_num_cells, 24, 4);
FIELD(socassign_irq, __reserved, 28, 4);
FIELD(socassign_irq, out_specifier, 32, 64);
FIELD(socassign_irq, out_count, 96, 8);
FIELD(socassign_irq, name, 104, 8);
FIELD(socassign_irq, controllers, 112, 8);
FIELD(socassign_irq, sharers, 120, 8);
FIELD(socassign_irq, name_len, 128, 4);
FIELD(socassign_irq, controllers_len, 132, 4);
FIELD(socassign_irq, sharers_len, 136, 4);
FIELD(socassign_irq, __reserved2, 140, 4);

SIZE(socassign_clock, 40);
FIELD(socassign_clock, size, 0, 4);
FIELD(socassign_clock, index, 4, 4);
FIELD(socassign_clock, out_node, 8, 4);
FIELD(socassign_clock, out_entry, 12, 4);
FIELD(socassign_clock, out_rate, 16, 8);
FIELD(socassign_clock, name, 24, 8);
FIELD(socassign_clock, name_len, 32, 4);
FIELD(socassign_clock, __reserved, 36, 4);

SIZE(socassign_set_irq, 32);
FIELD(socassign_set_irq, size, 0, 4);
FIELD(socassign_set_irq, index, 4, 4);
FIELD(socassign_set_irq, flags, 8, 4);
FIELD(socassign_set_irq, trigger_fd, 12, 4);
FIELD(socassign_set_irq, resample_fd, 16, 4);
FIELD(socassign_set_irq, cpus_len, 20, 4);
FIELD(socassign_set_irq, cpus, 24, 8);

SIZE(socassign_reset, 8);
FIELD(socassign_reset, size, 0, 4);
FIELD(socassign_reset, flags, 4, 4);

SIZE(socassign_prefault, 24);
FIELD(socassign_prefault, size, 0, 4);
FIELD(socassign_prefault, flags, 4, 4);
FIELD(socassign_prefault, addr, 8, 8);
FIELD(socassign_prefault, length, 16, 8);

SIZE(socassign_get_event, 48);
FIELD(socassign_get_event, size, 0, 4);
FIELD(socassign_get_event, flags, 4, 4);
FIELD(socassign_get_event, out_type, 8, 4);
FIELD(socassign_get_event, out_flags, 12, 4);
FIELD(socassign_get_event, out_index, 16, 4);
FIELD(socassign_get_event, __reserved, 20, 4);
FIELD(socassign_get_event, out_time, 24, 8);
FIELD(socassign_get_event, out_address, 32, 8);
FIELD(socassign_get_event, out_fault, 40, 4);
FIELD(socassign_get_event, out_storm, 44, 4);

SIZE(socassign_dma, 72);
FIELD(socassign_dma, size, 0, 4);
FIELD(socassign_dma, index, 4, 4);
FIELD(socassign_dma, out_flags, 8, 4);
FIELD(socassign_dma, out_node, 12, 4);
FIELD(socassign_dma, out_entry, 16, 4);
FIELD(socassign_dma, out_liodn, 20, 4);
FIELD(socassign_dma, out_num_windows, 24, 4);
FIELD(socassign_dma, out_max_windows, 28, 4);
FIELD(socassign_dma, out_stash_levels, 32, 4);
FIELD(socassign_dma, out_num_subwindows, 36, 4);
FIELD(socassign_dma, out_granule, 40, 8);
FIELD(socassign_dma, out_limit, 48, 8);
FIELD(socassign_dma, out_base, 56, 8);
FIELD(socassign_dma, out_bytes, 64, 8);

SIZE(socassign_memory, 40);
FIELD(socassign_memory, size, 0, 4);
FIELD(socassign_memory, flags, 4, 4);
FIELD(socassign_memory, addr, 8, 8);
FIELD(socassign_memory, length, 16, 8);
FIELD(socassign_memory, out_contiguous, 24, 8);
FIELD(socassign_memory, out_fd, 32, 4);
FIELD(socassign_memory, __reserved, 36, 4);

SIZE(socassign_dma_map, 72);
FIELD(socassign_dma_map, size, 0, 4);
FIELD(socassign_dma_map, index, 4, 4);
FIELD(socassign_dma_map, flags, 8, 4);
FIELD(socassign_dma_map, memory_fd, 12, 4);
FIELD(socassign_dma_map, offset, 16, 8);
FIELD(socassign_dma_map, iova, 24, 8);
FIELD(socassign_dma_map, length, 32, 8);
FIELD(socassign_dma_map, stash_level, 40, 4);
FIELD(socassign_dma_map, stash_cpu, 44, 4);
FIELD(socassign_dma_map, operation, 48, 4);
FIELD(socassign_dma_map, __reserved, 52, 4);
FIELD(socassign_dma_map, reason, 56, 8);
FIELD(socassign_dma_map, reason_len, 64, 4);
FIELD(socassign_dma_map, __reserved2, 68, 4);

SIZE(socassign_dma_unmap, 32);
FIELD(socassign_dma_unmap, size, 0, 4);
FIELD(socassign_dma_unmap, index, 4, 4);
FIELD(socassign_dma_unmap, flags, 8, 4);
FIELD(socassign_dma_unmap, __reserved, 12, 4);
FIELD(socassign_dma_unmap, iova, 16, 8);
FIELD(socassign_dma_unmap, length, 24, 8);

SIZE(socassign_dma_control, 16);
FIELD(socassign_dma_control, size, 0, 4);
FIELD(socassign_dma_control, index, 4, 4);
FIELD(socassign_dma_control, flags, 8, 4);
FIELD(socassign_dma_control, __reserved, 12, 4);
