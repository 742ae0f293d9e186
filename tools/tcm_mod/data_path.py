# SPDX-License-Identifier: GPL-2.0-only
"""The data path of a newcomer's first day: a file in debugfs that takes commands.

Tokens as in templates.py.
"""

DATA_BODIES = {
    "tpg_check_demo_mode": "\treturn 1;\n",
    "queue_data_in": """\
	struct @f@_cmd *fcmd = @f@_cmd_of(cmd);

	fcmd->data_len = min_t(u32, cmd->data_length, sizeof(fcmd->data));
	@f@_cmd_answer(fcmd);
	return 0;
""",
    "queue_status": """\
	@f@_cmd_answer(@f@_cmd_of(cmd));
	return 0;
""",
    "release_cmd": "\tcomplete(&@f@_cmd_of(cmd)->released);\n",
}

DATA_DEFINES = """\
/* The one initiator there is so far: a file in debugfs. */
#define @F@_INITIATOR	"@initiator@"
#define @F@_CDB_MAX	264	/* 8, and what ADDITIONAL CDB LENGTH can say */
#define @F@_DATA_MAX	4096	/* bytes of data of a command */
"""

DATA_PORT_DOC = """\
 * @lock: protects @sess and @last
 * @sess: the nexus of the initiator, NULL before its first command
 * @last: what the last command came to, NULL before the first
 * @file: where commands are written to
"""

DATA_PORT_FIELDS = """\
	struct mutex		lock;	/* sess, last */
	struct se_session	*sess;
	struct @f@_cmd		*last;
	struct dentry		*file;
"""

DATA_STRUCT = """
/**
 * struct @f@_cmd - a command on its way, and what it came to
 * @se_cmd: the core's part
 * @released: the core is done with it
 * @sg: @data
 * @status: SAM status
 * @sense_len: bytes of @sense
 * @data_len: bytes of @data that came from the unit
 * @cdb: the CDB, zeros behind it
 * @sense: sense data
 * @data: data-out, then data-in
 */
struct @f@_cmd {
	struct se_cmd		se_cmd;
	struct completion	released;
	struct scatterlist	sg;
	u8			status;
	u16			sense_len;
	u32			data_len;
	u8			cdb[@F@_CDB_MAX];
	u8			sense[TRANSPORT_SENSE_BUFFER];
	u8			data[@F@_DATA_MAX];
};

static inline struct @f@_cmd *@f@_cmd_of(struct se_cmd *se_cmd)
{
	return container_of(se_cmd, struct @f@_cmd, se_cmd);
}
"""

DATA_PROTOTYPES = """
/* @m@_data.c */
@data_hook_prototypes@int @f@_data_open(struct @f@_port *port);
void @f@_data_close(struct @f@_port *port);
void @f@_data_init(void);
void @f@_data_exit(void);
"""

DATA_C = """\
// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands by hand, before there is a transport: a file in debugfs for each port.
 *
 * What is written to it is a LUN, a CDB, and data-out if there is any; what is read is
 * the status, the sense and the data of the last command:
 *
 *	cd /sys/kernel/debug/@m@
 *	echo "0 120000002400" > @example@-tpgt_1
 *	cat @example@-tpgt_1
 */
#include <linux/completion.h>
#include <linux/debugfs.h>
#include <linux/hex.h>
#include <linux/kstrtox.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/scatterlist.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include "@m@_fabric.h"

#define @F@_TEXT_MAX	(2 * (@F@_CDB_MAX + @F@_DATA_MAX) + 32)

static struct dentry *@f@_dir;

/* A transport would send these to the initiator. */
static void @f@_cmd_answer(struct @f@_cmd *fcmd)
{
	fcmd->status = fcmd->se_cmd.scsi_status;
	fcmd->sense_len = min_t(u16, fcmd->se_cmd.scsi_sense_length, sizeof(fcmd->sense));
}

@data_functions@/* Returns the number of bytes or -EINVAL. */
static int @f@_parse_hex(const char *hex, u8 *bytes, size_t room)
{
	size_t len = strlen(hex);

	if (!len || len & 1 || len / 2 > room || hex2bin(bytes, hex, len / 2))
		return -EINVAL;
	return len / 2;
}

/* With data the command is a data-out one, without it takes what the unit has to say. */
static int @f@_parse(struct @f@_cmd *fcmd, char *text, u64 *lun, int *data_out)
{
	char *number = strsep(&text, " ");
	char *cdb = strsep(&text, " ");
	int err;

	err = kstrtou64(number, 0, lun);
	if (err)
		return err;
	err = cdb ? @f@_parse_hex(cdb, fcmd->cdb, sizeof(fcmd->cdb)) : -EINVAL;
	if (err < 0)
		return err;
	*data_out = text ? @f@_parse_hex(text, fcmd->data, sizeof(fcmd->data)) : 0;
	return min(*data_out, 0);
}

static int @f@_submit(struct se_session *sess, struct @f@_cmd *fcmd, u64 lun, int data_out)
{
	u32 len = data_out ?: sizeof(fcmd->data);
	int err;

	/* What it ends with if it is aborted, which has no response. */
	fcmd->status = SAM_STAT_TASK_ABORTED;
	init_completion(&fcmd->released);
	sg_init_one(&fcmd->sg, fcmd->data, len);
	err = target_init_cmd(&fcmd->se_cmd, sess, fcmd->sense, lun, len, TCM_SIMPLE_TAG,
			      data_out ? DMA_TO_DEVICE : DMA_FROM_DEVICE, 0);
	if (err)
		return err;
	if (!target_submit_prep(&fcmd->se_cmd, fcmd->cdb, &fcmd->sg, 1, NULL, 0, NULL, 0,
				GFP_KERNEL))
		target_submit(&fcmd->se_cmd);
	/* The core answers every command, or aborts it. */
	wait_for_completion(&fcmd->released);
	return 0;
}

/* The nexus is made by the first command, as by a login. */
static int @f@_login(struct @f@_port *port)
{
	struct se_session *sess;

	lockdep_assert_held(&port->lock);
	if (port->sess)
		return 0;
	sess = target_setup_session(&port->tpg, 0, 0, TARGET_PROT_NORMAL, @F@_INITIATOR, port,
				    NULL);
	if (IS_ERR(sess))
		return PTR_ERR(sess);
	port->sess = sess;
	return 0;
}

static int @f@_run(struct @f@_port *port, struct @f@_cmd *fcmd, u64 lun, int data_out)
{
	int err;

	guard(mutex)(&port->lock);
	err = @f@_login(port);
	if (err)
		return err;
	err = @f@_submit(port->sess, fcmd, lun, data_out);
	if (err)
		return err;
	kfree(port->last);
	port->last = fcmd;
	return 0;
}

static int @f@_data_take(struct @f@_port *port, char *text)
{
	struct @f@_cmd *fcmd;
	int data_out, err;
	u64 lun;

	fcmd = kzalloc(sizeof(*fcmd), GFP_KERNEL);
	if (!fcmd)
		return -ENOMEM;
	err = @f@_parse(fcmd, text, &lun, &data_out);
	if (!err)
		err = @f@_run(port, fcmd, lun, data_out);
	if (err)
		kfree(fcmd);
	return err;
}

static ssize_t @f@_data_write(struct file *file, const char __user *from, size_t count, loff_t *pos)
{
	struct @f@_port *port = file_inode(file)->i_private;
	char *text;
	int err;

	if (count > @F@_TEXT_MAX)
		return -EINVAL;
	text = memdup_user_nul(from, count);
	if (IS_ERR(text))
		return PTR_ERR(text);
	err = @f@_data_take(port, strim(text));
	kfree(text);
	return err ?: count;
}

static int @f@_data_show(struct seq_file *s, void *unused)
{
	struct @f@_port *port = s->private;
	struct @f@_cmd *last;

	guard(mutex)(&port->lock);
	last = port->last;
	if (!last)
		return 0;
	seq_printf(s, "status %02x\\n", last->status);
	seq_hex_dump(s, "sense ", DUMP_PREFIX_NONE, 32, 1, last->sense, last->sense_len, false);
	seq_hex_dump(s, "data ", DUMP_PREFIX_OFFSET, 16, 1, last->data, last->data_len, true);
	return 0;
}

static int @f@_data_open_file(struct inode *inode, struct file *file)
{
	return single_open(file, @f@_data_show, inode->i_private);
}

static const struct file_operations @f@_data_fops = {
	.owner		= THIS_MODULE,
	.open		= @f@_data_open_file,
	.read		= seq_read,
	.write		= @f@_data_write,
	.llseek		= seq_lseek,
	.release	= single_release,
};

int @f@_data_open(struct @f@_port *port)
{
	char *name = kasprintf(GFP_KERNEL, "%s-tpgt_%u", port->target->name, port->tag);

	if (!name)
		return -ENOMEM;
	mutex_init(&port->lock);
	port->file = debugfs_create_file(name, 0600, @f@_dir, port, &@f@_data_fops);
	kfree(name);
	return 0;
}

/* Nobody writes to the file once it has been removed. */
void @f@_data_close(struct @f@_port *port)
{
	debugfs_remove(port->file);
	if (port->sess)
		target_remove_session(port->sess);
	kfree(port->last);
	mutex_destroy(&port->lock);
}

void @f@_data_init(void)
{
	@f@_dir = debugfs_create_dir("@m@", NULL);
}

void @f@_data_exit(void)
{
	debugfs_remove(@f@_dir);
}
"""
