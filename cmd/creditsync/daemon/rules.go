package daemon

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"

	"creditsync/connector"
	"creditsync/connector/platform"
	"creditsync/jobs"
	"creditsync/jobs/store"
	"creditsync/mapping"
)

// Reload proposes the files if they changed since this house last proposed them, and takes up the rules in force. All
// that can fail comes before the swap: after an error the house works on as before.
func (h *House) Reload(ctx context.Context) error {
	inForce, ok, err := h.store.Rules.InForce(ctx)
	if err != nil {
		return fmt.Errorf("read rules in force: %w", err)
	}
	if !ok || !h.options.Look {
		if inForce, err = h.propose(ctx, inForce); err != nil {
			return err
		}
	}
	if f := h.furniture.Load(); f != nil && f.rules.Version == inForce.ID {
		return nil
	}
	next, err := Check(inForce.Files, h.options)
	if err != nil {
		return err
	}
	next.rules.Version = inForce.ID
	return h.moveIn(ctx, next)
}

// propose puts the files in force, unless this house proposed the same before: rules that another daemon has put in force
// since stay.
func (h *House) propose(ctx context.Context, inForce store.Rules) (store.Rules, error) {
	files, err := h.options.Files()
	if err != nil {
		return inForce, fmt.Errorf("read rule files: %w", err)
	}
	hash := store.HashRules(files)
	if h.proposed == "" && inForce.ID != 0 { // since the start of this house
		if h.proposed, err = h.store.Rules.FromFiles(ctx); err != nil {
			return inForce, fmt.Errorf("look for edits: %w", err)
		}
	}
	if hash == h.proposed || hash == inForce.Hash {
		h.proposed = hash
		return inForce, nil
	}
	if _, err := Check(files, h.options); err != nil {
		return inForce, err
	}
	if h.options.Confirm && inForce.ID != 0 {
		if _, err = h.store.Rules.Suggest(ctx, store.Rules{Files: files}); err != nil {
			return inForce, fmt.Errorf("propose the edited files: %w", err)
		}
	} else if inForce, err = h.store.Rules.Propose(ctx, files); err != nil {
		return inForce, fmt.Errorf("put rules in force: %w", err)
	}
	h.proposed = hash
	return inForce, nil
}

// moveIn swaps, after the control rows of the channels are there. A changed base address withdraws its proofs.
func (h *House) moveIn(ctx context.Context, next *furniture) error {
	next.channels = map[string]connector.Channel{h.options.Profile: next.platform}
	if h.site != nil {
		next.channels[SiteChannel] = h.site
	}
	there, err := h.channelsThere(ctx)
	if err != nil {
		return err
	}
	for name := range next.channels {
		if h.options.Look && there[name] {
			continue
		}
		base, err := h.base(name, next)
		if err != nil {
			return err
		}
		if _, err := h.store.Channels.Ensure(ctx, name, base, h.options.Mock); err != nil {
			return fmt.Errorf("prepare channel %s: %w", name, err)
		}
	}
	h.furniture.Store(next)
	return nil
}

// base is what proofs taken in a channel are tied to: the platform's address, or the site's published folder.
func (h *House) base(channel string, f *furniture) (string, error) {
	if channel == h.options.Profile {
		return f.platform.Base(), nil
	}
	base, err := filepath.Abs(h.options.Site.Published)
	if err != nil {
		return "", fmt.Errorf("find the site's published folder: %w", err)
	}
	return base, nil
}

// channelsThere are the channels that have a control row.
func (h *House) channelsThere(ctx context.Context) (map[string]bool, error) {
	all, err := h.store.Channels.List(ctx)
	if err != nil {
		return nil, fmt.Errorf("read channels: %w", err)
	}
	there := map[string]bool{}
	for _, c := range all {
		there[c.Channel] = true
	}
	return there, nil
}

// Check builds everything the files say and touches nothing: the faults of all files come back at once.
func Check(files []store.RuleFile, o Options) (*furniture, error) {
	rules, faults := jobs.BuildRules(files)
	client, more := buildPlatform(files, o)
	if faults = append(faults, more...); len(faults) > 0 {
		return nil, faults
	}
	return &furniture{rules: rules, platform: client}, nil
}

// Rules are the rules that Check built.
func (f *furniture) Rules() *jobs.Rules { return f.rules }

func buildPlatform(files []store.RuleFile, o Options) (*platform.Client, mapping.Faults) {
	name := "platforms/" + o.Profile + ".yaml"
	for _, f := range files {
		if f.Name != name {
			continue
		}
		profile, faults := platform.ParseProfile(f.Name, f.Content)
		if len(faults) > 0 {
			return nil, faults
		}
		client, err := platform.New(profile, platform.Options{
			Variables: maps.Clone(o.Variables), Now: o.Now, Transport: o.Transport, Mock: o.Mock,
		})
		if err != nil {
			return nil, asFaults(name, err)
		}
		return client, nil
	}
	return nil, mapping.Faults{{What: ProfileMissing, Args: []string{o.Profile, name}, File: name}}
}

// ProfileMissing: the settings name a profile that no file describes.
const ProfileMissing = "daemon.profile_missing"

func asFaults(file string, err error) mapping.Faults {
	if faults, ok := err.(mapping.Faults); ok {
		return faults
	}
	return mapping.Faults{{What: ProfileUnusable, Args: []string{err.Error()}, File: file}}
}

// ProfileUnusable: the profile is well written, but no client can be made of it here.
const ProfileUnusable = "daemon.profile_unusable"
