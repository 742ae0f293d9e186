# SPDX-License-Identifier: GPL-2.0-only
"""The protocols of SPC-6, and how their ports are named."""


class Protocol:
    """A PROTOCOL IDENTIFIER of SPC-6 7.6.1, and how its ports are named.

    A name is a prefix and so many hexadecimal digits in lower case, so that one port
    has one spelling; of iSCSI it is text, of parallel SCSI a small number.
    """

    def __init__(self, name, value, define, what, prefix="", digits=0, number=0):
        self.name, self.value, self.define, self.what = name, value, define, what
        self.prefix, self.digits, self.number = prefix, digits, number

    def kind(self):
        if self.digits:
            return "digits"
        return "number" if self.number else "iscsi"

    def example(self, last):
        """A name that is one, for the documentation and for tests."""
        if self.digits:
            return self.prefix + "5001405" * (self.digits >= 16) + \
                f"{last:0{self.digits - 7 * (self.digits >= 16)}x}"
        return str(last) if self.number else f"iqn.2026-11.example:port{last}"


PROTOCOLS = [
    Protocol("FCP", 0x0, "SCSI_PROTOCOL_FCP", "Fibre Channel", digits=16),
    Protocol("SPI", 0x1, "SCSI_PROTOCOL_SPI", "parallel SCSI", number=15),
    Protocol("SSA", 0x2, "SCSI_PROTOCOL_SSA", "Serial Storage Architecture", digits=16),
    Protocol("SBP", 0x3, "SCSI_PROTOCOL_SBP", "IEEE 1394", digits=16),
    Protocol("SRP", 0x4, "SCSI_PROTOCOL_SRP", "RDMA", prefix="0x", digits=32),
    Protocol("iSCSI", 0x5, "SCSI_PROTOCOL_ISCSI", "iSCSI"),
    Protocol("SAS", 0x6, "SCSI_PROTOCOL_SAS", "Serial Attached SCSI", prefix="naa.", digits=16),
    Protocol("ADT", 0x7, "SCSI_PROTOCOL_ADT", "automation/drive interface", digits=16),
    Protocol("ATA", 0x8, "SCSI_PROTOCOL_ATA", "ATA/ATAPI", digits=16),
    Protocol("UAS", 0x9, None, "USB attached SCSI", prefix="naa.", digits=16),
    Protocol("SOP", 0xa, None, "SCSI over PCI Express", digits=4),
    Protocol("PCIe", 0xb, None, "PCI Express architecture device", digits=4),
]

NAMING = {
    "digits": "{prefix}<{digits} hexadecimal digits, lower case>",
    "number": "a number up to {number}",
    "iscsi": "iqn.<...>, eui.<...> or naa.<...>, lower case",
}
