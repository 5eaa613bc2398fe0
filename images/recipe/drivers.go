package recipe

// Drivers are the kernel modules that an image keeps, with what they need: by
// name, or by a directory of the kernel's tree, which ends with a slash.
// Everything else of the kernel is left out.
var Drivers = []string{
	// disks and file systems
	"erofs", "crc32c_generic", "sha256-generic", "ext4", "vfat", "exfat", "nls_ascii", "nls_cp437", "nls_iso8859_1", "nls_utf8", "dm-verity", "loop",
	"sd_mod", "usb-storage", "uas", "ahci", "nvme", "mmc_block", "sdhci-pci", "sdhci-acpi", "sdhci-iproc", "bcm2835", "sdhci-brcmstb",
	"virtio_pci", "virtio_mmio", "virtio_blk", "virtio_scsi", "virtio_net", "virtio_input", "virtio-gpu", "virtio-rng",
	// buses, clocks, temperature, watchdogs
	"xhci-pci", "xhci-plat-hcd", "ehci-pci", "ohci-pci", "dwc2", "drivers/watchdog/", "coretemp", "k10temp", "raspberrypi-hwmon", "bcm2711_thermal", "bcm2835_thermal", "raspberrypi-cpufreq",
	"rtc-pcf8523", "rtc-ds1307", "rtc-pcf85063", "rtc-rpi", "i2c-dev", "i2c-bcm2835", "i2c-brcmstb", "gpio-raspberrypi-exp", "spi-bcm2835", "pwm-bcm2835", "pwm-raspberrypi-poe",
	"clk-rp1", "pinctrl-rp1", "rp1-pci", "rp1_pci", "irq-bcm2712-mip", "pcie-brcmstb", "reset-raspberrypi", "nvmem-rmem", "i2c-designware-platform", "i2c-designware-pci", "i2c-i801",
	// screen and touch
	"vc4", "v3d", "i915", "bochs", "cirrus-qemu", "simpledrm", "panel-raspberrypi-touchscreen", "rpi-panel-attiny-regulator", "raspberrypi-ts", "edt-ft5x06", "goodix_ts", "ili210x", "silead", "usbtouchscreen", "drivers/input/touchscreen/",
	"hid-generic", "usbhid", "hid-multitouch", "evdev", "i2c-hid-acpi", "i2c-hid-of", "backlight", "pwm_bl", "led_bl", "rpi_backlight",
	// devices
	"usblp", "cdc-acm", "ftdi_sio", "ch341", "cp210x", "pl2303", "8250_pci", "8250_dw", "8250_bcm2835aux", "hidraw",
	// network
	"drivers/net/ethernet/realtek/", "e1000", "e1000e", "igb", "igc", "genet", "macb", "bcmgenet", "broadcom", "bcm-phy-lib", "drivers/net/phy/", "lan78xx", "smsc95xx", "cdc_ether", "cdc_ncm", "rndis_host", "r8152", "ax88179_178a", "cdc_mbim", "huawei_cdc_ncm",
	"brcmfmac", "brcmfmac-wcc", "brcmfmac-cyw", "iwlwifi", "iwlmvm", "iwldvm", "rtw88_pci", "rtw88_8821ce", "rtw88_8822ce", "rtw88_8822be", "rtw88_8723de", "rtl8xxxu", "af_packet", "ctr", "ccm", "cmac", "gcm", "aes_generic",
	"nf_tables", "nft_ct", "nft_reject_inet", "nft_limit", "nf_conntrack", "ipv6",
}
