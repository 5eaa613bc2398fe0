package initrd

// Modules is what stage0 needs on the machines of an architecture (amd64 or
// arm64, as Go calls them) to reach a disk and the root on it, in the order in
// which they are tried. Those that end with "?" are not in every kernel.
func Modules(arch string) []string {
	all := []string{
		"erofs", "dm-verity",
		"virtio_pci", "virtio_mmio", "virtio_blk", "virtio_scsi",
		"mmc_block", "sd_mod", "nvme",
		"xhci_pci", "usb_storage", "uas",
	}
	switch arch {
	case "amd64":
		return append(
			[]string{"sha256_ssse3?"}, // before dm-verity, which takes the best there is
			append(all, "ahci", "ata_piix", "vmd?", "ehci_pci", "sdhci_pci", "sdhci_acpi",
				"lpc_ich?", "i2c_i801?", "iTCO_wdt?", "sp5100_tco?", "wdat_wdt?")...)
	case "arm64":
		// Raspberry Pi: sdhci-iproc is the card of 4 and CM4, bcm2835 that of 3,
		// sdhci-brcmstb that of 5, behind its pins and regulators; the last line is
		// 5's USB. Without bcm2835_wdt a Pi before 5 may not know how to reboot.
		return append([]string{"sha256_arm64?", "sha2_ce?", "bcm2835_wdt?"}, append(
			all, "ahci", "sdhci_pci",
			"fixed?", "gpio_regulator?", "sdhci_iproc?", "bcm2835?",
			"pinctrl_brcmstb_bcm2712?", "sdhci_brcmstb?",
			"reset_raspberrypi?", "phy_generic?", "dwc2?", "xhci_plat_hcd?",
			"irq_bcm2712_mip?", "clk_rp1?", "pinctrl_rp1?", "rp1_pci?", "dwc3?",
		)...)
	}
	return nil
}
