// SPDX-License-Identifier: GPL-2.0
/*
 * Does a DMA controller of the host's work?
 *
 *   memcpy  write the path of one, to have its driver copy a page: -EIO if the copy is
 *           not what it was made from, -EBUSY if it has no channel to spare
 */
#include <linux/completion.h>
#include <linux/debugfs.h>
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/dmaengine.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/string.h>

#include "socassign_test.h"

/* A page, and behind it what becomes of it */
#define TEST_ORDER	1
/* Against hangs only (lib/limit.h) */
#define TEST_COPY_SECONDS	300

static bool test_is_channel_of(struct dma_chan *chan, void *dev)
{
	return chan->device->dev == dev;
}

static void test_copied(void *copied)
{
	complete(copied);
}

/*
 * Until it calls back, and not until its status is that it is done: the pl330 (6.1 to
 * 7.3) has set that before it schedules its tasklet, and nothing keeps the channel for
 * the tasklet, to which one that was freed meanwhile is a NULL pointer.  It calls from
 * within, and the end of the channel waits for a tasklet that runs.
 */
static int test_run_copy(struct dma_chan *chan, dma_addr_t addr,
			 struct completion *copied)
{
	struct dma_async_tx_descriptor *tx =
		dmaengine_prep_dma_memcpy(chan, addr + PAGE_SIZE, addr, PAGE_SIZE,
					  DMA_PREP_INTERRUPT | DMA_CTRL_ACK);
	dma_cookie_t cookie;

	if (!tx)
		return -ENOMEM;
	tx->callback = test_copied;
	tx->callback_param = copied;
	cookie = dmaengine_submit(tx);
	if (dma_submit_error(cookie))
		return cookie;
	dma_async_issue_pending(chan);
	if (wait_for_completion_timeout(copied, TEST_COPY_SECONDS * HZ))
		return 0;
	dmaengine_terminate_sync(chan);
	return -ETIMEDOUT;
}

static int test_copy(struct dma_chan *chan, u8 *mem, struct completion *copied)
{
	struct device *dev = chan->device->dev;
	dma_addr_t addr;
	int ret;

	memset(mem, 0xa5, PAGE_SIZE);
	memset(mem + PAGE_SIZE, 0, PAGE_SIZE);
	addr = dma_map_single(dev, mem, 2 * PAGE_SIZE, DMA_BIDIRECTIONAL);
	if (dma_mapping_error(dev, addr))
		return -ENOMEM;
	ret = test_run_copy(chan, addr, copied);
	dma_unmap_single(dev, addr, 2 * PAGE_SIZE, DMA_BIDIRECTIONAL);
	if (!ret && memcmp(mem, mem + PAGE_SIZE, PAGE_SIZE))
		ret = -EIO;
	return ret;
}

static int test_copy_by(struct device *dev)
{
	unsigned long mem = __get_free_pages(GFP_KERNEL, TEST_ORDER);
	/* It may still call when the time is over, while there is a channel. */
	DECLARE_COMPLETION_ONSTACK(copied);
	struct dma_chan *chan;
	dma_cap_mask_t mask;
	int ret = -EBUSY;

	if (!mem)
		return -ENOMEM;
	dma_cap_zero(mask);
	dma_cap_set(DMA_MEMCPY, mask);
	chan = dma_request_channel(mask, test_is_channel_of, dev);
	if (chan) {
		ret = test_copy(chan, (u8 *)mem, &copied);
		dma_release_channel(chan);
	}
	free_pages(mem, TEST_ORDER);
	return ret;
}

static ssize_t test_memcpy_write(struct file *file, const char __user *ubuf,
				 size_t len, loff_t *pos)
{
	struct device *dev = test_get_device(ubuf, len);
	int ret;

	if (IS_ERR(dev))
		return PTR_ERR(dev);
	ret = test_copy_by(dev);
	put_device(dev);
	return ret ?: len;
}

static const struct file_operations test_memcpy_fops = {
	.owner = THIS_MODULE,
	.write = test_memcpy_write,
};

void test_memcpy_init(struct dentry *dir)
{
	if (IS_ENABLED(CONFIG_DMA_ENGINE))
		debugfs_create_file("memcpy", 0200, dir, NULL,
				    &test_memcpy_fops);
}
