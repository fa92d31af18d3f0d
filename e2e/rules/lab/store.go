package lab

import (
	"context"
	"math"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb"
)

// series is a series of the store, with its reference once it is known.
type series struct {
	labels labels.Labels
	ref    storage.SeriesRef
}

// openStore opens a time series database in a folder. It has no write-ahead
// log, and keeps everything. It compacts when [tsdb.DB.Compact] is called. Its
// blocks are a day long, because each block of a window costs every query.
func openStore(dir string) (*tsdb.DB, error) {
	opts := tsdb.DefaultOptions()
	opts.WALSegmentSize = -1
	opts.NoLockfile = true
	opts.RetentionDuration = (100 * 365 * 24 * time.Hour).Milliseconds()
	opts.MinBlockDuration = (24 * time.Hour).Milliseconds()
	opts.MaxBlockDuration = (3 * 24 * time.Hour).Milliseconds()
	opts.HeadChunksWriteQueueSize = 0
	opts.IsolationDisabled = true
	db, err := tsdb.Open(dir, nil, nil, opts, nil)
	if err != nil {
		return nil, err
	}
	db.DisableCompactions()
	return db, nil
}

// A scrape is the samples of one target, read at one time and committed at
// once.
type scrape struct {
	at, commit int64 // ms
	series     []series
	values     [6]float64
	stale      bool
}

func (s *scrape) appendTo(ctx context.Context, db *tsdb.DB) error {
	app := db.AppenderV2(ctx)
	for i := range s.series {
		v := s.values[i]
		if s.stale {
			v = math.Float64frombits(value.StaleNaN)
		}
		ref, err := app.Append(s.series[i].ref, s.series[i].labels, 0, s.at, v, nil, nil, storage.AOptions{})
		if err != nil {
			return err
		}
		s.series[i].ref = ref
	}
	return app.Commit()
}
