// The photos of this screen and of the next one, for the grid.
export default function ({ data }) {
  window.wildcamReviewPhotos = data;
  window.dispatchEvent(new Event("wildcam-review-photos"));
}
