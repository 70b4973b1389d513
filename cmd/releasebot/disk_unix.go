//go:build unix

package main

import "golang.org/x/sys/unix"

// diskFree is how many bytes the disk of a folder has left for programs without privileges.
func diskFree(folder string) (int64, error) {
	var disk unix.Statfs_t
	if err := unix.Statfs(folder, &disk); err != nil {
		return 0, err
	}
	return int64(disk.Bavail) * int64(disk.Bsize), nil
}
